/// What a connection waits for, and until when at most.
struct ConnectionDeadlines {
    /// What the client has to send or to do.
    enum Awaited {
        case handshake, nextRequest, head, body
        /// The rest of a body that nobody reads.
        case unreadBody
        case close
    }

    typealias Instant = ContinuousClock.Instant

    private(set) var awaited: Awaited?
    /// Since when it has been awaited.
    private(set) var awaitedSince: Instant?
    /// By when it must be there.
    private(set) var input: Instant?
    private var bodyTimeSpent = Duration.zero

    /// By when the client must have taken the bytes up to `target`.
    private(set) var output: Instant?
    private var target = 0

    /// By when the reply to a client that has finished sending must be ready.
    fileprivate(set) var halfClosed: Instant?

    /// The first of all.
    var earliest: Instant? {
        var earliest = input
        if let output { earliest = min(output, earliest ?? output) }
        if let halfClosed { earliest = min(halfClosed, earliest ?? halfClosed) }
        return earliest
    }

    /// A new request: what is awaited next gets a new deadline, even if it is of the same kind.
    mutating func startRequest() {
        awaited = nil
        input = nil
        bodyTimeSpent = .zero
        halfClosed = nil
    }

    /// The time for what is awaited runs from the first call that names it. For a body only the time is
    /// counted during which somebody reads it.
    mutating func await(_ next: Awaited?, _ configuration: HTTPServerConfiguration, now: Instant) {
        guard next != awaited else { return }
        if awaited == .body, let awaitedSince { bodyTimeSpent += now - awaitedSince }
        awaited = next
        awaitedSince = now
        input =
            switch next {
            case .handshake: now + configuration.handshakeDeadline
            case .nextRequest: now + configuration.idleDeadline
            case .head: now + configuration.headDeadline
            case .body: now + configuration.bodyDeadline - bodyTimeSpent
            case .unreadBody, .close: now + configuration.lingerDeadline
            case nil: nil
            }
    }

    /// Moves the deadline for what is awaited to at most this time from now.
    mutating func shorten(to duration: Duration, now: Instant) {
        if let deadline = input { input = min(deadline, now + duration) }
    }

    /// All that waits to be written at one time has one deadline; what comes later, the next one.
    mutating func expect(_ queue: OutputQueue, within limit: Duration, now: Instant) {
        if queue.isEmpty {
            output = nil
        } else if output == nil || queue.totalSent >= target {
            output = now + limit
            target = queue.totalQueued
        }
    }
}

extension Connection {
    func updateDeadlines(on loop: isolated EventLoop) {
        let configuration = loop.configuration
        deadlines.await(awaited, configuration, now: loop.now)
        // A shutdown does not wait for long for clients that have their reply and stay connected.
        if loop.shutdown == .refusing && (phase == .lingering || phase == .handshake || transport.isSecure && isIdle) {
            deadlines.shorten(to: Self.lastLinger, now: loop.now)
        }
        deadlines.expect(output, within: configuration.writeDeadline, now: loop.now)
        if exchange == nil || !peerFinished {
            deadlines.halfClosed = nil
        } else if deadlines.halfClosed == nil {
            deadlines.halfClosed = loop.now + configuration.halfCloseGrace
        }
        if let earliest = deadlines.earliest { loop.wake(by: earliest) }
    }

    private static let lastLinger = Duration.seconds(1)

    private var awaited: ConnectionDeadlines.Awaited? {
        switch phase {
        case .handshake: return .handshake
        case .lingering: return .close
        case .finishing: return transport.needsOutput ? .close : nil
        case .closed: return nil
        case .open: break
        }
        if let exchange { return exchange.body.hasReader ? .body : nil }
        if isDiscarding { return .unreadBody }
        guard output.isEmpty else { return nil }
        return parser.isBetweenRequests ? .nextRequest : .head
    }

    /// Acts on the deadlines that have passed.
    func checkDeadlines(on loop: isolated EventLoop) {
        let hasPassed = { (deadline: ContinuousClock.Instant?) in deadline.map { $0 <= loop.now } ?? false }
        if hasPassed(deadlines.output) || hasPassed(deadlines.halfClosed) {
            abandon(on: loop)
            return
        }
        if hasPassed(deadlines.input), let awaited = deadlines.awaited {
            switch awaited {
            case .handshake: handshakeFailed("the handshake took too long", on: loop)
            case .nextRequest, .unreadBody: stopTakingRequests()
            case .head: fail(ProtocolError(.requestTimeout, "The head of the request took too long."), on: loop)
            case .body: fail(ProtocolError(.requestTimeout, "The body of the request took too long."), on: loop)
            case .close: abandon(on: loop)
            }
            settle(on: loop)
        } else if let earliest = deadlines.earliest {
            loop.wake(by: earliest)
        }
    }
}
