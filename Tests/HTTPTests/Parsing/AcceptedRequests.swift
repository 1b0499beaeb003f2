import Testing

/// A request that must be taken, and what it must be taken for.
struct AcceptedRequest: Sendable, CustomTestStringConvertible {
    let request: String
    let path: String
    let body: String

    init(_ request: String, _ path: String, _ body: String) {
        (self.request, self.path, self.body) = (request, path, body)
    }

    var testDescription: String { String(request.prefix(200)) }
}

let acceptedRequests: [AcceptedRequest] = [
    AcceptedRequest("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "/", ""),
    AcceptedRequest("\r\nGET /one HTTP/1.1\r\nHost: a\r\n\r\n", "/one", ""),
    AcceptedRequest("GET / HTTP/1.0\r\n\r\n", "/", ""),
    AcceptedRequest("GET / HTTP/1.2\r\nHost: a\r\n\r\n", "/", ""),
    AcceptedRequest("GET /a%20b/%C3%A9?x=1 HTTP/1.1\r\nHost: a\r\n\r\n", "/a b/é", ""),
    AcceptedRequest("GET /a..b/.hidden/...?q HTTP/1.1\r\nHost: a\r\n\r\n", "/a..b/.hidden/...", ""),
    AcceptedRequest("GET http://a:80/x HTTP/1.1\r\nHost: b\r\n\r\n", "/x", ""),
    AcceptedRequest("GET HTTPS://a?y=1 HTTP/1.1\r\nHost: b\r\n\r\n", "/", ""),
    AcceptedRequest("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "*", ""),
    AcceptedRequest("OPTIONS http://a HTTP/1.1\r\nHost: a\r\n\r\n", "*", ""),
    AcceptedRequest("GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", "/", ""),
    AcceptedRequest("GET / HTTP/1.1\r\nHost: a:\r\n\r\n", "/", ""),
    AcceptedRequest("GET / HTTP/1.1\r\nHOST:\t a_b.c-d \t\r\nEmpty:\r\nX: caf\u{e9} \"(,)\"\r\n\r\n", "/", ""),
    AcceptedRequest("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", "/", "hello"),
    AcceptedRequest("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", "/", ""),
    AcceptedRequest("POST / HTTP/1.1\r\nHost: a\r\n\r\n", "/", ""),
    AcceptedRequest("POST / HTTP/1.0\r\nContent-Length: 2\r\n\r\nhi", "/", "hi"),
    AcceptedRequest(
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", "/",
        "hello world"),
    AcceptedRequest(
        "POST / HTTP/1.1\r\nHost: a\r\ntransfer-encoding:  Chunked \r\n\r\nA\r\n0123456789\r\n0\r\n\r\n", "/",
        "0123456789"),
    AcceptedRequest(
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;a;b=c ; d=\"e;\\\"f\"\r\nx\r\n000\r\nX-Sum: 1\r\n\r\n",
        "/", "x"),
    AcceptedRequest("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "/", ""),
    AcceptedRequest("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-Continue\r\n\r\nhi", "/", "hi"),
    AcceptedRequest("GET / HTTP/1.1\r\nHost: a\r\nConnection: Keep-Alive , ,x\r\n\r\n", "/", ""),
    // The examples of RFC 9112: sections 3.2.1, 3.2.2, 3.2.4 and 3.3.
    AcceptedRequest("GET /where?q=now HTTP/1.1\r\nHost: www.example.org\r\n\r\n", "/where", ""),
    AcceptedRequest("GET /pub/WWW/ HTTP/1.1\r\nHost: www.example.org\r\n\r\n", "/pub/WWW/", ""),
    AcceptedRequest(
        "GET http://www.example.org/pub/WWW/TheProject.html HTTP/1.1\r\nHost: www.example.org\r\n\r\n",
        "/pub/WWW/TheProject.html", ""),
    AcceptedRequest(
        "GET /pub/WWW/TheProject.html HTTP/1.1\r\nHost: www.example.org:8080\r\n\r\n", "/pub/WWW/TheProject.html", ""),
    AcceptedRequest("OPTIONS * HTTP/1.1\r\nHost: www.example.org:8001\r\n\r\n", "*", ""),
    AcceptedRequest("OPTIONS http://www.example.org:8001 HTTP/1.1\r\nHost: www.example.org:8001\r\n\r\n", "*", ""),
    // Section 7.4.
    AcceptedRequest("GET / HTTP/1.1\r\nHost: a\r\nTE: deflate\r\nConnection: TE\r\n\r\n", "/", ""),
    AcceptedRequest("GET / HTTP/1.1\r\nHost: a\r\nTE:\r\nConnection: TE\r\n\r\n", "/", ""),
    AcceptedRequest("GET / HTTP/1.1\r\nHost: a\r\nTE: trailers, deflate;q=0.5\r\nConnection: TE\r\n\r\n", "/", ""),
    // As much framing as content, however long the body is.
    AcceptedRequest(
        chunked(String(repeating: "6\r\n6bytes\r\n", count: 5000) + "0\r\n\r\n"), "/",
        String(repeating: "6bytes", count: 5000)),
]
