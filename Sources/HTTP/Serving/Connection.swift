import Synchronization

#if canImport(Glibc)
import Glibc
#endif

/// One client's connection, on its event loop's thread: reads requests, one after the other,
/// and writes their replies in that order.
///
/// Each entry point ends in ``settle(on:)``, which makes the rest of the connection follow
/// from its state: what is parsed next, what is written, what is waited for and how long.
final class Connection {
    enum Phase {
        /// Takes requests.
        case open
        /// Takes no more; closes once everything is written.
        case finishing
        /// Everything is written and our side is closed; what still comes is thrown away.
        case lingering
        case closed
    }

    let socket: Socket
    let generation: UInt32
    let client: ClientIdentity
    /// `127.0.0.1:51234`, `[::1]:51234`, or `unix`.
    let clientAddress: String

    var phase = Phase.open
    var parser: RequestParser
    var output = OutputQueue()
    var exchange: Exchange?
    /// Exchanges whose replies wait in `output`.
    var unsent: [Exchange] = []
    /// The rest of a body that nobody reads is being thrown away.
    var isDiscarding = false
    /// The last byte of the client was read.
    var inputEnded = false
    /// The client has finished sending, whether or not everything was read.
    var peerFinished = false
    /// The present exchange is the last one, whatever its head said.
    var mustClose = false
    var deadlines = ConnectionDeadlines()
    /// When the client last took bytes of a reply, or there was none to take.
    var lastProgress = ContinuousClock.now
    /// Whether the next request may begin now: once after each read, then once each time that the loop
    /// comes back to a postponed connection.
    var mayBegin = false
    private(set) var isPostponed = false

    /// Bytes of requests and replies here that the memory budget knows of.
    private var countedBytes = 0
    private var lingeredBytes = 0
    private var isRegistered = false
    private var registered: Poller.Interest = []

    private static let lingerLimit = 64 << 20
    private static let serials = Atomic<UInt64>(0)

    init(socket: consuming Socket, generation: UInt32, address: SocketAddress, configuration: HTTPServerConfiguration) {
        self.socket = socket
        self.generation = generation
        let peer = address.hostAndPort
        client = ClientIdentity(
            address: peer?.host ?? "unix", connection: Connection.serials.wrappingAdd(1, ordering: .relaxed).newValue)
        clientAddress = peer.map { ListenAddress.tcp(host: $0.host, port: $0.port).hostAndPort } ?? "unix"
        parser = RequestParser(
            headLimit: configuration.headLimit,
            fieldLimit: configuration.fieldLimit,
            bodyLimit: configuration.bodyLimit
        )
    }

    /// Whether it is between requests, with nothing to do.
    var isIdle: Bool {
        phase == .open && exchange == nil && !isDiscarding && output.isEmpty && parser.isBetweenRequests
    }

    /// Bytes of replies that may wait for a slow reader before no more requests are taken, and of
    /// a body for a slow handler before no more of it is read. Less where memory is short.
    func bufferLimit(on loop: isolated EventLoop) -> Int {
        loop.memory.isTight ? 16 << 10 : 256 << 10
    }

    /// The poller has something to report.
    func becameReady(_ ready: Poller.Interest, on loop: isolated EventLoop) {
        guard ready.isDisjoint(with: .dead) else {
            abandon(on: loop)
            return
        }
        if ready.contains(.peerFinished) { peerFinished = true }
        if ready.contains(.read) { receive(on: loop) }
        settle(on: loop)
    }

    /// Reads once: a client that sends more waits for the loop's next iteration.
    func receive(on loop: isolated EventLoop) {
        guard wantsInput(on: loop) else {
            registered.remove(.read)
            loop.poller.modify(socket.descriptor, generation: generation, interest: registered)
            return
        }
        switch socket.receive(into: loop.readBuffer.bytes) {
        case .bytes(let count) where phase == .lingering:
            lingeredBytes += count
            if lingeredBytes > Connection.lingerLimit { close(on: loop) }
        case .bytes(let count):
            parser.append(loop.readBuffer.bytes.bindMemory(to: UInt8.self)[..<count])
            mayBegin = true
        case .end where phase == .lingering, .failed where phase == .lingering:
            close(on: loop)
        case .end:
            inputEnded = true
            peerFinished = true
        case .failed:
            abandon(on: loop)
        case .nothingYet:
            break
        }
    }

    /// Does all that can be done now, and arranges to be told when there is more.
    func settle(on loop: isolated EventLoop) {
        guard phase != .closed else { return }
        var wasHeldBack = true
        while wasHeldBack {
            advance(on: loop)
            // Requests that waited for the client to read the replies before them.
            wasHeldBack = phase == .open && exchange == nil && !output.isEmpty && output.count >= bufferLimit(on: loop)
            flush(on: loop)
            wasHeldBack = wasHeldBack && output.isEmpty
        }
        if phase == .finishing && output.isEmpty { finish(on: loop) }
        guard phase != .closed else { return }
        count(output.count + (exchange?.body.pieces.count ?? 0), in: loop.memory)
        updateInterest(on: loop)
        updateDeadlines(on: loop)
    }

    private func count(_ bytes: Int, in memory: MemoryBudget) {
        guard bytes != countedBytes else { return }
        memory.add(bytes - countedBytes)
        countedBytes = bytes
    }

    /// Leaves the next request, which has come already, for when the other connections have been served.
    func postpone(on loop: isolated EventLoop) {
        guard !isPostponed else { return }
        isPostponed = true
        loop.postpone(self)
    }

    /// The other connections have been served.
    func resume(on loop: isolated EventLoop) {
        isPostponed = false
        mayBegin = true
        settle(on: loop)
    }

    /// The server is shutting down: the next reply is the last one.
    func beginShutdown(on loop: isolated EventLoop) {
        mustClose = true
    }

    /// What has been sent is still answered.
    func refuseRequests(on loop: isolated EventLoop) {
        if isIdle {
            receive(on: loop)
            settle(on: loop)
        }
        if isIdle { abandon(on: loop) }
        if phase == .lingering { updateDeadlines(on: loop) }
    }

    /// How readily the connection may be closed in favour of a new one, 0 first; nil where it has work.
    var givingWay: Int? {
        switch phase {
        case .lingering: 0
        case .finishing, .closed: nil
        case .open where exchange != nil || isDiscarding || !output.isEmpty || isPostponed: nil
        case .open: isIdle ? 0 : 1
        }
    }

    /// Closes in favour of another one.
    func giveWay(on loop: isolated EventLoop) {
        if phase == .open && !isIdle {
            fail(ProtocolError(.requestTimeout, "The head of the request took too long, and other clients wait to connect."), on: loop)
            _ = output.flush(to: socket)
        }
        abandon(on: loop)
    }

    /// No more requests; closes when everything is written.
    func stopTakingRequests() {
        if phase == .open { phase = .finishing }
    }

    /// The client is gone, or hopeless: nothing more can reach it.
    func abandon(on loop: isolated EventLoop) {
        guard phase != .closed else { return }
        if let exchange {
            exchange.task?.cancel()
            exchange.cancelWaits()
            unsent.append(exchange)
            self.exchange = nil
        }
        report(cancelled: true, on: loop)
        close(on: loop)
    }

    private func finish(on loop: isolated EventLoop) {
        guard !inputEnded else {
            close(on: loop)
            return
        }
        // Closing with bytes unread would reset the connection and take the reply with it.
        socket.finishSending()
        phase = .lingering
    }

    private func close(on loop: isolated EventLoop) {
        phase = .closed
        count(0, in: loop.memory)
        loop.remove(self)
    }

    private func wantsInput(on loop: isolated EventLoop) -> Bool {
        switch phase {
        case .lingering: true
        case .finishing, .closed: false
        case .open where inputEnded: false
        case .open:
            if let exchange {
                exchange.body.isOpen && exchange.body.pieces.count < bufferLimit(on: loop)
            } else {
                !isPostponed && output.count < bufferLimit(on: loop)
            }
        }
    }

    /// Reading is only taken off the list when it has proved a nuisance, in ``receive(on:)``:
    /// most clients send nothing while they wait.
    private func updateInterest(on loop: isolated EventLoop) {
        var interest: Poller.Interest = wantsInput(on: loop) || registered.contains(.read) ? .read : []
        if !output.isEmpty { interest.insert(.write) }
        if !peerFinished { interest.insert(.peerFinished) }
        guard interest != registered else { return }
        if !isRegistered {
            loop.poller.add(socket.descriptor, generation: generation, interest: interest)
            isRegistered = true
        } else {
            loop.poller.modify(socket.descriptor, generation: generation, interest: interest)
        }
        registered = interest
    }
}
