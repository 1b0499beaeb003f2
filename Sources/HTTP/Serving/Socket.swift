#if canImport(Glibc)
import Glibc
#endif

/// A connected, non-blocking stream socket, closed when the value is destroyed.
struct Socket: ~Copyable {
    let descriptor: Int32

    enum Received: Equatable {
        case bytes(Int)
        /// The peer has said that it will send no more.
        case end
        case nothingYet
        case failed
    }

    /// - Parameter descriptor: owned from here on.
    init(owning descriptor: Int32) {
        self.descriptor = descriptor
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    deinit {
        _ = close(descriptor)
    }

    /// Sends small writes at once: each is a whole reply. Unix sockets do so anyway.
    func setNoDelay() {
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    func receive(into buffer: UnsafeMutableRawBufferPointer) -> Received {
        let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
        if count > 0 { return .bytes(count) }
        if count == 0 { return .end }
        return errno == EAGAIN || errno == EINTR ? .nothingYet : .failed
    }

    /// Writes several buffers by one call.
    ///
    /// - Returns: how many bytes the kernel took, 0 when it takes none now; nil when the peer is gone.
    func send(_ buffers: UnsafeMutableBufferPointer<iovec>) -> Int? {
        var message = msghdr()
        message.msg_iov = buffers.baseAddress
        message.msg_iovlen = buffers.count
        let count = sendmsg(descriptor, &message, Int32(MSG_NOSIGNAL))
        if count >= 0 { return count }
        return errno == EAGAIN || errno == EINTR ? 0 : nil
    }

    /// Tells the peer that no more will come.
    func finishSending() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Makes closing the socket reset the connection, which no client takes for the end of a body.
    func resetWhenClosed() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }
}
