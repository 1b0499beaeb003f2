import HTTPTypes

extension Connection {
    /// The rest of an unread body of at most this many bytes is read and dropped; a longer one closes the connection.
    private static let discardLimit = 64 << 10

    /// Replies of at most this many bytes, such as errors and health, are sent however short memory is.
    private static let smallReply = 64 << 10

    /// Sends the response to the present request, or its head where a task streams the rest.
    func reply(_ response: Response, on loop: isolated EventLoop) {
        guard let exchange else { return }
        let isHead = exchange.head?.method == .head
        var response = response
        if case .bytes(let bytes) = response.body, bytes.count > Connection.smallReply, !isHead,
            !loop.memory.hasRoom(for: bytes.count)
        {
            response = loop.handler.respond(to: exchange.described(.memoryShort))
        }
        let minorVersion = exchange.head?.minorVersion ?? 1
        let framing = ResponseFraming(response, minorVersion: minorVersion)
        let keepAlive = mayKeepAlive(exchange, response, framing)
        let head = ResponseHead(
            status: response.status, fields: response.headerFields, framing: framing,
            requestID: exchange.requestID, minorVersion: minorVersion, keepAlive: keepAlive
        )
        let date = loop.date.bytes()
        output.append { head.encode(into: &$0, date: date) }
        mustClose = !keepAlive
        exchange.status = response.status
        exchange.route = response.route
        exchange.serverTiming = response.headerFields[.serverTiming]

        switch (response.body, framing) {
        case (.bytes(let bytes), .length) where !isHead:
            output.append(bytes)
            exchange.sentBytes = bytes.count
        case (.stream(let produce), .chunked) where !isHead, (.stream(let produce), .untilClose) where !isHead:
            exchange.streaming = framing
            if exchange.task == nil { exchange.task = loop.stream(produce, for: exchange.id) }
            return
        default:
            break
        }
        endExchange()
    }

    private func mayKeepAlive(_ exchange: Exchange, _ response: Response, _ framing: ResponseFraming) -> Bool {
        guard let head = exchange.head, head.keepAlive, !mustClose, framing != .untilClose else { return false }
        // A streamed reply may begin before the end of the body that it is about.
        let bodyIsHarmless = framing == .chunked || exchange.body.isComplete || canDiscard(exchange)
        return bodyIsHarmless && !ResponseHead.asksToClose(response.headerFields)
    }

    /// Whether the rest of the body is going to come, and is short.
    private func canDiscard(_ exchange: Exchange) -> Bool {
        guard exchange.body.isOpen, !exchange.awaitsContinue, let length = exchange.head?.contentLength else {
            return false
        }
        return length - exchange.bodyBytes <= Connection.discardLimit
    }

    /// The response is complete. What is left of the request must not be taken for the next one.
    private func endExchange() {
        guard let exchange else { return }
        self.exchange = nil
        unsent.append(exchange)
        if !exchange.body.isComplete {
            isDiscarding = canDiscard(exchange)
            mustClose = mustClose || !isDiscarding
        }
        if mustClose { stopTakingRequests() }
    }

    /// Sends a piece of a streamed response; the writer goes on once the client has read enough.
    func write(_ bytes: [UInt8], for waiter: Waiter<Void>, on loop: isolated EventLoop) {
        guard let exchange else { return }
        precondition(exchange.writer == nil, "a response's body has one writer at a time")
        if exchange.streaming == .chunked {
            output.append { $0.append(chunkSize: bytes.count) }
            output.append(bytes)
            output.append { $0.append(contentsOf: "\r\n".utf8) }
        } else {
            output.append(bytes)
        }
        exchange.sentBytes += bytes.count
        exchange.writer = waiter
        settle(on: loop)
    }

    func endStream(trailers: HTTPFields, on loop: isolated EventLoop) {
        if let timing = trailers[.serverTiming] { exchange?.serverTiming = timing }
        if exchange?.streaming == .chunked {
            output.append { $0.append(lastChunkWith: trailers) }
        }
        endExchange()
        settle(on: loop)
    }

    /// The stream has failed: closes the connection in a way that the client cannot take for the body's end.
    func breakOffStream(on loop: isolated EventLoop) {
        _ = output.flush(to: transport)
        if exchange?.streaming == .untilClose { transport.resetWhenClosed() }
        abandon(on: loop)
    }

    /// Writes what can be written, and tells those who waited for that.
    func flush(on loop: isolated EventLoop) {
        let sentBefore = output.totalSent
        guard output.flush(to: transport) else {
            abandon(on: loop)
            return
        }
        if output.totalSent != sentBefore || output.isEmpty { lastProgress = loop.now }
        if output.count < bufferLimit(on: loop), let writer = exchange?.writer {
            exchange?.writer = nil
            writer.continuation.resume()
        }
        if output.isEmpty && !unsent.isEmpty { report(cancelled: false, on: loop) }
    }

    /// Hands in the records of exchanges that are over.
    func report(cancelled: Bool, on loop: isolated EventLoop) {
        let now = ContinuousClock.now
        for exchange in unsent {
            loop.handler.responded(
                ExchangeRecord(
                    head: exchange.head,
                    method: exchange.head?.method,
                    target: exchange.head?.target ?? "",
                    route: exchange.route,
                    status: exchange.status,
                    bytesReceived: exchange.bodyBytes,
                    bytesSent: exchange.sentBytes,
                    bytesReserved: exchange.memory?.reserved ?? 0,
                    duration: now - exchange.arrival,
                    serverTiming: exchange.serverTiming,
                    clientAddress: clientAddress,
                    tlsVersion: tlsVersion,
                    clientCertificate: transport.clientCertificate,
                    requestID: exchange.requestID,
                    wasCancelled: cancelled
                ))
        }
        unsent.removeAll(keepingCapacity: true)
    }
}
