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

    private var lingeredBytes = 0
    private var isRegistered = false
    private var registered: Poller.Interest = []

    /// Replies that may wait for a slow reader before no more requests are taken, and
    /// bodies for a slow handler before no more of them is read.
    static let highWater = 256 << 10
    private static let lingerLimit = 64 << 20

    init(socket: consuming Socket, generation: UInt32, clientAddress: String, configuration: HTTPServerConfiguration) {
        self.socket = socket
        self.generation = generation
        self.clientAddress = clientAddress
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

    /// Reads once: whoever has more to say waits for the next turn.
    func receive(on loop: isolated EventLoop) {
        guard wantsInput else {
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
            wasHeldBack = phase == .open && exchange == nil && !output.isEmpty && output.count >= Connection.highWater
            flush(on: loop)
            wasHeldBack = wasHeldBack && output.isEmpty
        }
        if phase == .finishing && output.isEmpty { finish(on: loop) }
        guard phase != .closed else { return }
        updateInterest(on: loop)
        updateDeadlines(on: loop)
    }

    /// The server is shutting down: what has come is answered, and that is the end of it.
    func drain(on loop: isolated EventLoop) {
        mustClose = true
        if isIdle { receive(on: loop) }
        settle(on: loop)
        if isIdle {
            stopTakingRequests()
            settle(on: loop)
        }
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
        loop.remove(self)
    }

    private var wantsInput: Bool {
        switch phase {
        case .lingering: true
        case .finishing, .closed: false
        case .open where inputEnded: false
        case .open:
            if let exchange {
                exchange.body.isOpen && exchange.body.pieces.count < Connection.highWater
            } else {
                output.count < Connection.highWater
            }
        }
    }

    /// Reading is only taken off the list when it has proved a nuisance, in ``receive(on:)``:
    /// most clients send nothing while they wait.
    private func updateInterest(on loop: isolated EventLoop) {
        var interest: Poller.Interest = wantsInput || registered.contains(.read) ? .read : []
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
