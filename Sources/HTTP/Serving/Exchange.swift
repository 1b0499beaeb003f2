import HTTPTypes

/// Identifies an exchange outside its event loop.
struct ExchangeID: Sendable, Equatable {
    let descriptor: Int32
    let serial: UInt64
}

/// A task that waits for something on an event loop, and the number of that wait.
final class Waiter<Value: Sendable> {
    let number: UInt64
    let continuation: CheckedContinuation<Value, any Error>

    init(number: UInt64, continuation: CheckedContinuation<Value, any Error>) {
        self.number = number
        self.continuation = continuation
    }
}

/// One request while it is being answered, and until its reply is written.
final class Exchange {
    let id: ExchangeID
    /// nil where the request was too broken to have one.
    let head: RequestHead?
    let requestID: String
    let arrival: ContinuousClock.Instant

    /// The handler's task, once there is one.
    var task: Task<Void, Never>?
    var body = IncomingBody()
    var bodyBytes = 0
    /// The client waits for `100 Continue` before it sends the body.
    var awaitsContinue = false

    /// What the request holds, until the reply has left.
    var memory: RequestMemory?

    var status: HTTPResponse.Status?
    var route: String?
    var serverTiming: String?
    var sentBytes = 0
    /// How the streamed body is framed once its head is on its way.
    var streaming: ResponseFraming?
    /// The handler, where it waits for the client to read.
    var writer: Waiter<Void>?

    init(id: ExchangeID, head: RequestHead?, requestID: String, arrival: ContinuousClock.Instant) {
        self.id = id
        self.head = head
        self.requestID = requestID
        self.arrival = arrival
    }

    /// An error of this exchange.
    func described(_ error: ProtocolError) -> ProtocolError { error.described(for: head, requestID: requestID) }

    func receive(_ bytes: [UInt8]) {
        awaitsContinue = false
        bodyBytes += bytes.count
        body.receive(bytes)
    }

    /// Ends one wait whose task has been cancelled.
    func cancelWait(number: UInt64) {
        body.cancelRead(number: number)
        if let writer, writer.number == number {
            self.writer = nil
            writer.continuation.resume(throwing: CancellationError())
        }
    }

    /// Ends all waits, with an error.
    func cancelWaits(throwing error: any Error = CancellationError()) {
        body.fail(error)
        writer?.continuation.resume(throwing: error)
        writer = nil
    }
}

/// What has come of a request's body and was not read yet.
struct IncomingBody {
    private(set) var pieces: [UInt8] = []
    private(set) var isComplete = false
    private var failure: (any Error)?
    private var reader: Waiter<[UInt8]?>?

    /// Whether more is to come.
    var isOpen: Bool { !isComplete && failure == nil }
    var hasReader: Bool { reader != nil }

    mutating func receive(_ bytes: [UInt8]) {
        if pieces.isEmpty {
            pieces = bytes
        } else {
            pieces += bytes
        }
        serveReader()
    }

    mutating func complete() {
        isComplete = true
        serveReader()
    }

    mutating func fail(_ error: any Error) {
        if failure == nil { failure = error }
        serveReader()
    }

    /// All that is there, for a body that has come in whole.
    mutating func takeAll() -> [UInt8] {
        defer { pieces = [] }
        return pieces
    }

    mutating func read(_ waiter: Waiter<[UInt8]?>) {
        precondition(reader == nil, "a request's body has one reader at a time")
        reader = waiter
        serveReader()
    }

    mutating func cancelRead(number: UInt64) {
        guard let reader, reader.number == number else { return }
        self.reader = nil
        reader.continuation.resume(throwing: CancellationError())
    }

    private mutating func serveReader() {
        guard let reader else { return }
        if let failure {
            reader.continuation.resume(throwing: failure)
        } else if !pieces.isEmpty {
            reader.continuation.resume(returning: pieces)
            pieces = []
        } else if isComplete {
            reader.continuation.resume(returning: nil)
        } else {
            return
        }
        self.reader = nil
    }
}
