import HTTPTypes

extension Connection {
    /// Parses more of what has been read, as far as the replies before it and the buffers allow.
    func advance(on loop: isolated EventLoop) {
        while phase == .open {
            if let exchange {
                guard exchange.body.isOpen, exchange.body.pieces.count < bufferLimit(on: loop) else { return }
            } else if !isDiscarding {
                guard output.count < bufferLimit(on: loop) else { return }
                guard mayBegin || !parser.hasUnreadBytes else { return postpone(on: loop) }
            }
            do throws(ProtocolError) {
                guard let event = try parser.next() else {
                    if inputEnded { try endOfInput() }
                    return
                }
                try handle(event, on: loop)
            } catch {
                fail(error, on: loop)
                return
            }
        }
    }

    /// The client has finished sending, and the parser needs more.
    private func endOfInput() throws(ProtocolError) {
        if exchange == nil && (isDiscarding || parser.isBetweenRequests) {
            stopTakingRequests()
        } else {
            throw .malformed("The connection ended before the request was complete.")
        }
    }

    private func handle(_ event: RequestParser.Event, on loop: isolated EventLoop) throws(ProtocolError) {
        switch event {
        case .head(let head):
            try begin(head, on: loop)
        case .body(let bytes):
            exchange?.receive(bytes)
        case .end:
            exchange?.body.complete()
            isDiscarding = false
        }
    }

    private func begin(_ head: RequestHead, on loop: isolated EventLoop) throws(ProtocolError) {
        let id = ExchangeID(descriptor: descriptor, serial: loop.takeSerial())
        mayBegin = false
        let requestID = RequestIDs.given(in: head.lines) ?? loop.requestIDs.next()
        let exchange = Exchange(id: id, head: head, requestID: requestID, arrival: loop.now)
        exchange.awaitsContinue = head.expectsContinue
        self.exchange = exchange
        deadlines.startRequest()
        loop.handler.received(head)
        parser.bodyLimit = loop.handler.bodyLimit(for: head) ?? loop.configuration.bodyLimit

        // What has been read already belongs to the request from the start.
        while let event = try parser.next() {
            try handle(event, on: loop)
            if case .end = event { break }
        }
        let body =
            exchange.body.isComplete
            ? RequestBody(exchange.body.takeAll()) : loop.body(of: id, length: head.contentLength)
        let memory = RequestMemory(loop.memory)
        exchange.memory = memory
        let request = Request(
            head: head, id: requestID, body: body, arrival: loop.now, client: client, memory: memory,
            bodyLimit: parser.bodyLimit)
        if let response = immediateResponse(to: request, on: loop) {
            reply(response, on: loop)
        } else {
            exchange.task = loop.serve(request, id)
        }
    }

    private func immediateResponse(to request: Request, on loop: isolated EventLoop) -> Response? {
        if request.path == "*" {
            // A question about the server as a whole (RFC 9110 section 9.3.7), not about a resource of the handler.
            return Response(status: .noContent, headerFields: [.allow: "GET, HEAD, POST, OPTIONS"], route: "*")
        }
        return loop.handler.respondImmediately(to: request)
    }

    /// Someone wants to read the body.
    func read(_ waiter: Waiter<[UInt8]?>, on loop: isolated EventLoop) {
        guard let exchange else { return }
        if exchange.awaitsContinue {
            exchange.awaitsContinue = false
            // Too late once the reply has begun: the client would take it for part of that.
            if exchange.streaming == nil { output.append(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)) }
        }
        exchange.body.read(waiter)
        settle(on: loop)
    }

    /// Replies that the request is malformed, too long or too late, and takes no further requests.
    func fail(_ error: ProtocolError, on loop: isolated EventLoop) {
        mustClose = true
        if isDiscarding {
            // Its reply has been sent: a second one would be taken for the next request's.
            stopTakingRequests()
        } else if exchange?.streaming != nil {
            exchange?.body.fail(error)
        } else {
            exchange?.task?.cancel()
            exchange?.cancelWaits(throwing: error)
            // With a number of its own, so that a reply of the cancelled task does not become this one's.
            let failed = Exchange(
                id: ExchangeID(descriptor: descriptor, serial: loop.takeSerial()),
                head: exchange?.head,
                requestID: exchange?.requestID ?? loop.requestIDs.next(),
                arrival: exchange?.arrival ?? loop.now
            )
            failed.bodyBytes = exchange?.bodyBytes ?? 0
            exchange = failed
            reply(loop.handler.respond(to: failed.described(error)), on: loop)
        }
    }
}
