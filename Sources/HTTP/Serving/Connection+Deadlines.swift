/// What a connection waits for, and until when at most.
struct ConnectionDeadlines {
    /// Something that the client owes.
    enum Debt {
        case nextRequest, head, body, close
    }

    typealias Instant = ContinuousClock.Instant

    private(set) var debt: Debt?
    private(set) var input: Instant?
    private var bodyTimeSpent = Duration.zero
    private var debtSince: Instant?

    /// By when the client must have taken the bytes up to `target`.
    private(set) var output: Instant?
    private var target = 0

    /// By when the reply to a client that has finished sending must be ready.
    fileprivate(set) var farewell: Instant?

    /// The first of all.
    var earliest: Instant? {
        var earliest = input
        if let output { earliest = min(output, earliest ?? output) }
        if let farewell { earliest = min(farewell, earliest ?? farewell) }
        return earliest
    }

    /// A new request: the next debt is a new one, even of the same kind.
    mutating func startRequest() {
        debt = nil
        input = nil
        bodyTimeSpent = .zero
        farewell = nil
    }

    /// The clock of a debt runs from its beginning; that of a body only while it is waited for.
    mutating func owe(_ newDebt: Debt?, _ configuration: HTTPServerConfiguration, now: Instant) {
        guard newDebt != debt else { return }
        if debt == .body, let debtSince { bodyTimeSpent += now - debtSince }
        debt = newDebt
        debtSince = now
        input = switch newDebt {
        case .nextRequest: now + configuration.idleDeadline
        case .head: now + configuration.headDeadline
        case .body: now + configuration.bodyDeadline - bodyTimeSpent
        case .close: now + configuration.lingerDeadline
        case nil: nil
        }
    }

    /// Whether the present debt is at least so old.
    func hasOwed(for duration: Duration, now: Instant) -> Bool {
        debtSince.map { $0 + duration <= now } ?? false
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
        deadlines.owe(debt, configuration, now: loop.now)
        deadlines.expect(output, within: configuration.writeDeadline, now: loop.now)
        if exchange == nil || !peerFinished {
            deadlines.farewell = nil
        } else if deadlines.farewell == nil {
            deadlines.farewell = loop.now + configuration.halfCloseGrace
        }
        if let earliest = deadlines.earliest { loop.wake(by: earliest) }
    }

    private var debt: ConnectionDeadlines.Debt? {
        switch phase {
        case .lingering: return .close
        case .finishing, .closed: return nil
        case .open: break
        }
        if let exchange { return exchange.body.hasReader ? .body : nil }
        if isDiscarding { return .body }
        guard output.isEmpty else { return nil }
        return parser.isBetweenRequests ? .nextRequest : .head
    }

    /// Acts on the deadlines that have passed.
    func checkDeadlines(on loop: isolated EventLoop) {
        let hasPassed = { (deadline: ContinuousClock.Instant?) in deadline.map { $0 <= loop.now } ?? false }
        if hasPassed(deadlines.output) || hasPassed(deadlines.farewell) {
            abandon(on: loop)
            return
        }
        if hasPassed(deadlines.input), let debt = deadlines.debt {
            switch debt {
            case .nextRequest: stopTakingRequests()
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
