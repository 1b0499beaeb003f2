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
        /// TLS is being agreed on.
        case handshake
        /// Takes requests.
        case open
        /// Takes no more; closes once everything is written.
        case finishing
        /// Everything is written and this side is closed; what still comes is dropped.
        case lingering
        case closed
    }

    var transport: Transport
    /// That number, which the loop knows the connection by.
    let descriptor: Int32
    let generation: UInt32
    let client: ClientIdentity
    /// `127.0.0.1:51234`, `[::1]:51234`, or `unix`.
    let clientAddress: String
    /// `TLSv1.3`; nil for plain text, or where TLS has not been agreed on.
    var tlsVersion: String?

    var phase: Phase
    /// Whether the handshake's next step waits for its turn.
    var awaitsTurn = false
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
    /// When the client last sent bytes.
    var lastInput = ContinuousClock.now
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

    init(
        transport: consuming Transport, generation: UInt32, address: SocketAddress,
        configuration: HTTPServerConfiguration
    ) {
        descriptor = transport.descriptor
        phase = transport.isSecure ? .handshake : .open
        self.transport = transport
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
        if phase == .handshake {
            loop.queueHandshake(self)
        } else if ready.contains(.read) || ready.contains(.write) && transport.needsOutput && phase == .open {
            receive(on: loop)
        }
        settle(on: loop)
    }

    /// Reads once: a client that sends more waits for the loop's next iteration.
    func receive(on loop: isolated EventLoop) {
        guard wantsInput(on: loop) else {
            registered.remove(.read)
            loop.poller.modify(descriptor, generation: generation, interest: registered)
            return
        }
        let buffer = loop.readBuffer.bytes
        switch phase == .lingering ? transport.discard(into: buffer) : transport.receive(into: buffer) {
        case .bytes(let count) where phase == .lingering:
            lingeredBytes += count
            if lingeredBytes > Connection.lingerLimit { close(on: loop) }
        case .bytes(let count):
            parser.append(buffer.bindMemory(to: UInt8.self)[..<count])
            lastInput = loop.now
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
        count(output.count + (exchange?.body.pieces.count ?? 0) + transport.memory, in: loop.memory)
        if transport.hasUnread && wantsInput(on: loop) { postpone(on: loop) }
        updateInterest(on: loop)
        updateDeadlines(on: loop)
    }

    func count(_ bytes: Int, in memory: MemoryBudget) {
        guard bytes != countedBytes else { return }
        memory.add(bytes - countedBytes)
        countedBytes = bytes
    }

    /// The next request has come already: it is served after the other connections.
    func postpone(on loop: isolated EventLoop) {
        guard !isPostponed else { return }
        isPostponed = true
        loop.postpone(self)
    }

    /// The other connections have been served.
    func resume(on loop: isolated EventLoop) {
        isPostponed = false
        mayBegin = true
        if transport.hasUnread && wantsInput(on: loop) { receive(on: loop) }
        settle(on: loop)
    }

    private func wantsInput(on loop: isolated EventLoop) -> Bool {
        switch phase {
        case .lingering: true
        case .handshake, .finishing, .closed: false
        case .open where inputEnded: false
        case .open:
            if let exchange {
                exchange.body.isOpen && exchange.body.pieces.count < bufferLimit(on: loop)
            } else {
                !isPostponed && output.count < bufferLimit(on: loop)
            }
        }
    }

    /// Interest in reading is dropped only in ``receive(on:)``, when unwanted bytes have come: most clients
    /// send nothing while they wait, and each change costs a system call.
    private func updateInterest(on loop: isolated EventLoop) {
        let wantsInput = wantsInput(on: loop)
        var interest: Poller.Interest = wantsInput || registered.contains(.read) ? .read : []
        if phase == .handshake { interest = transport.needsOutput ? [] : .read }
        // TLS may have to write before it can read on.
        let mustWrite = transport.needsOutput && (wantsInput || phase == .handshake || phase == .finishing)
        if !output.isEmpty || mustWrite { interest.insert(.write) }
        if !peerFinished { interest.insert(.peerFinished) }
        guard interest != registered else { return }
        if !isRegistered {
            loop.poller.add(descriptor, generation: generation, interest: interest)
            isRegistered = true
        } else {
            loop.poller.modify(descriptor, generation: generation, interest: interest)
        }
        registered = interest
    }
}
