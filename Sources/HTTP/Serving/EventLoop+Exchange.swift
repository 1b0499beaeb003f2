import HTTPTypes

/// What handlers' tasks do on the loop. Each finds its exchange by number, since the client may
/// have gone and another come in its place.
extension EventLoop {
    typealias Stream = @Sendable (ResponseWriter) async throws -> HTTPFields

    /// Has the handler answer, in a task: on this thread where the answer is brief.
    func serve(_ request: Request, _ id: ExchangeID) -> Task<Void, Never> {
        taskBegan()
        return Task.detached(executorPreference: handler.isBrief(request) ? executor : nil) {
            let response = await self.handler.respond(to: request)
            if let stream = await self.begin(response, for: id) {
                await self.run(stream, for: id)
            }
        }
    }

    /// Has a response that was there at once stream its body, in a task.
    func stream(_ stream: @escaping Stream, for id: ExchangeID) -> Task<Void, Never> {
        taskBegan()
        return Task.detached { await self.run(stream, for: id) }
    }

    /// A body that reads what comes over the exchange's connection.
    ///
    /// - Parameter length: in bytes, where the client has announced it
    nonisolated func body(of id: ExchangeID, length: Int?) -> RequestBody {
        RequestBody(length: length) { try await self.nextPiece(of: id) }
    }

    @concurrent
    nonisolated private func run(_ stream: Stream, for id: ExchangeID) async {
        do {
            let trailers = try await stream(ResponseWriter { try await self.write($0, for: id) })
            await end(id, trailers: trailers)
        } catch {
            await breakOff(id)
        }
    }

    /// Sends a response.
    ///
    /// - Returns: its stream, where it has one that is wanted: it is then to be run.
    private func begin(_ response: Response, for id: ExchangeID) -> Stream? {
        enter()
        guard let connection = connection(of: id) else {
            taskEnded()
            return nil
        }
        connection.reply(response, on: self)
        connection.settle(on: self)
        if case .stream(let stream) = response.body, self.connection(of: id)?.exchange?.streaming != nil {
            return stream
        }
        taskEnded()
        return nil
    }

    private func end(_ id: ExchangeID, trailers: HTTPFields) {
        enter()
        taskEnded()
        connection(of: id)?.endStream(trailers: trailers, on: self)
    }

    private func breakOff(_ id: ExchangeID) {
        enter()
        taskEnded()
        connection(of: id)?.breakOffStream(on: self)
    }

    private func write(_ bytes: [UInt8], for id: ExchangeID) async throws {
        enter()
        let ticket = takeSerial()
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                self.suspend(Waiter(ticket: ticket, continuation: continuation), for: id) { connection, waiter in
                    connection.write(bytes, for: waiter, on: self)
                }
            }
        } onCancel: {
            Task { await self.cancelWait(ticket, of: id) }
        }
    }

    /// The next piece of a request's body, nil at its end.
    private func nextPiece(of id: ExchangeID) async throws -> [UInt8]? {
        enter()
        let ticket = takeSerial()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                self.suspend(Waiter(ticket: ticket, continuation: continuation), for: id) { connection, waiter in
                    connection.read(waiter, on: self)
                }
            }
        } onCancel: {
            Task { await self.cancelWait(ticket, of: id) }
        }
    }

    /// Leaves a waiter with its connection.
    private func suspend<Value>(_ waiter: Waiter<Value>, for id: ExchangeID, _ begin: (Connection, Waiter<Value>) -> Void) {
        executor.checkIsolated()
        guard let connection = connection(of: id) else {
            waiter.continuation.resume(throwing: CancellationError())
            return
        }
        begin(connection, waiter)
    }

    private func cancelWait(_ ticket: UInt64, of id: ExchangeID) {
        connection(of: id)?.exchange?.cancelWait(ticket: ticket)
    }

    private func connection(of id: ExchangeID) -> Connection? {
        guard let connection = connection(id.descriptor), connection.exchange?.id == id else { return nil }
        return connection
    }
}
