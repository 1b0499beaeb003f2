import HTTP

extension FuzzTarget {
    /// What the parser makes of bytes depends on no way of cutting them up, and its errors have the statuses
    /// of its documentation.
    static func parseRequests(_ bytes: [UInt8]) throws(Finding) {
        let whole = try events(of: bytes, step: max(bytes.count, 1))
        for step in [1, 7, bytes.count / 2 + 1] {
            let pieces = try events(of: bytes, step: step)
            guard pieces == whole else { throw Finding("in pieces of \(step): \(pieces), at once: \(whole)") }
        }
    }

    private static func events(of bytes: [UInt8], step: Int) throws(Finding) -> [String] {
        var parser = RequestParser(headLimit: 16384, fieldLimit: 100, bodyLimit: 4096)
        var events: [String] = []
        var body: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: step) {
            parser.append(bytes[start..<min(start + step, bytes.count)])
            do throws(ProtocolError) {
                while let event = try parser.next() {
                    switch event {
                    case .head(let head):
                        events.append("\(head.method) \(head.path) \(head.query) \(head.headerFields)")
                    case .body(let piece): body += piece
                    case .end:
                        events.append("\(body)")
                        body = []
                    }
                }
            } catch {
                guard [400, 413, 414, 417, 431, 501, 505].contains(error.status.code) else {
                    throw Finding("\(error.status) for a request")
                }
                return events + ["\(error.status)"]
            }
        }
        return events
    }

    static let messages: [[UInt8]] = [
        "GET /ruin?n=3000&p=18/37 HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n\r\n",
        "POST /inpaint HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n[1]GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /a%20b HTTP/1.1\r\nHost: [::1]:80\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n"
            + "3;a=\"b\"\r\n[1]\r\n0\r\nX: y\r\n\r\n",
        "OPTIONS * HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
        "GET http://a.example/b?c=d+e HTTP/1.1\r\nHost: a.example\r\nTE: trailers\r\n\r\n",
    ].map { Array($0.utf8) }
}
