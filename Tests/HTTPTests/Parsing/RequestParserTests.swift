import HTTP
import SeededRandom
import Testing

/// Requests that must be taken, with what they must be taken for.
private let accepted: [(request: String, path: String, body: String)] = [
    ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "/", ""),
    ("\r\nGET /one HTTP/1.1\r\nHost: a\r\n\r\n", "/one", ""),
    ("GET / HTTP/1.0\r\n\r\n", "/", ""),
    ("GET / HTTP/1.2\r\nHost: a\r\n\r\n", "/", ""),
    ("GET /a%20b/%C3%A9?x=1 HTTP/1.1\r\nHost: a\r\n\r\n", "/a b/é", ""),
    ("GET /a..b/.hidden/...?q HTTP/1.1\r\nHost: a\r\n\r\n", "/a..b/.hidden/...", ""),
    ("GET http://a:80/x HTTP/1.1\r\nHost: b\r\n\r\n", "/x", ""),
    ("GET HTTPS://a?y=1 HTTP/1.1\r\nHost: b\r\n\r\n", "/", ""),
    ("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "*", ""),
    ("OPTIONS http://a HTTP/1.1\r\nHost: a\r\n\r\n", "*", ""),
    ("GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", "/", ""),
    ("GET / HTTP/1.1\r\nHost: a:\r\n\r\n", "/", ""),
    ("GET / HTTP/1.1\r\nHOST:\t a_b.c-d \t\r\nEmpty:\r\nX: caf\u{e9} \"(,)\"\r\n\r\n", "/", ""),
    ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", "/", "hello"),
    ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", "/", ""),
    ("POST / HTTP/1.1\r\nHost: a\r\n\r\n", "/", ""),
    ("POST / HTTP/1.0\r\nContent-Length: 2\r\n\r\nhi", "/", "hi"),
    ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", "/", "hello world"),
    ("POST / HTTP/1.1\r\nHost: a\r\ntransfer-encoding:  Chunked \r\n\r\nA\r\n0123456789\r\n0\r\n\r\n", "/", "0123456789"),
    ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;a;b=c ; d=\"e;\\\"f\"\r\nx\r\n000\r\nX-Sum: 1\r\n\r\n", "/", "x"),
    ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "/", ""),
    ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-Continue\r\n\r\nhi", "/", "hi"),
    ("GET / HTTP/1.1\r\nHost: a\r\nConnection: Keep-Alive , ,x\r\n\r\n", "/", ""),
]

/// Requests that must be refused, each with its status.
private let refused: [(status: Int, request: String)] = [
    // The request line.
    (400, "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
    (400, "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"),
    (400, "GET / HTTP/1.1 \r\nHost: a\r\n\r\n"),
    (400, " GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
    (400, "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n"),
    (400, "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"),
    (400, "GET HTTP/1.1\r\nHost: a\r\n\r\n"),
    (400, "GET /\r\n"),
    (400, "GET / HTTP/1.1\nHost: a\r\n\r\n"),
    (400, "GET / HTTP/1.1\rHost: a\r\n\r\n"),
    (400, "GET / http/1.1\r\nHost: a\r\n\r\n"),
    (400, "GET / HTTP/1\r\nHost: a\r\n\r\n"),
    (400, "GET / HTTP/01.1\r\nHost: a\r\n\r\n"),
    (400, "GET / HTTP/1.10\r\nHost: a\r\n\r\n"),
    (400, "GET / HTTP/1,1\r\nHost: a\r\n\r\n"),
    (400, "GET / HTTPS/1.1\r\nHost: a\r\n\r\n"),
    (400, "G[T / HTTP/1.1\r\nHost: a\r\n\r\n"),
    (400, "\u{16}\u{3}\u{1}"),
    (505, "GET / HTTP/2.0\r\nHost: a\r\n\r\n"),
    (505, "GET / HTTP/0.9\r\nHost: a\r\n\r\n"),
    (505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    (501, "get / HTTP/1.1\r\nHost: a\r\n\r\n"),
    (501, "BREW / HTTP/1.1\r\nHost: a\r\n\r\n"),
    (501, "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n"),
    // The target.
    (400, "GET * HTTP/1.1\r\nHost: a\r\n\r\n"),
    (400, "GET a HTTP/1.1\r\nHost: a\r\n\r\n"),
    (400, "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n"),
    (400, "GET /a\\b HTTP/1.1\r\nHost: a\r\n\r\n"),
    (400, "GET /\u{e9} HTTP/1.1\r\nHost: a\r\n\r\n"),
    (400, "GET /?\u{e9} HTTP/1.1\r\nHost: a\r\n\r\n"),
    (400, "GET /?a=\"b\" HTTP/1.1\r\nHost: a\r\n\r\n"),
    (400, "GET /%2 HTTP/1.1\r\nHost: a\r\n\r\n"),
    (400, "GET /%+1 HTTP/1.1\r\nHost: a\r\n\r\n"),
    (400, "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n"),
    (400, "GET /?%f HTTP/1.1\r\nHost: a\r\n\r\n"),
    (400, "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n"),
    (400, "GET /%0d%0aX:%201 HTTP/1.1\r\nHost: a\r\n\r\n"),
    (400, "GET /%C0%AF HTTP/1.1\r\nHost: a\r\n\r\n"),
    (400, "GET /?%FF HTTP/1.1\r\nHost: a\r\n\r\n"),
    (400, "GET /a%2Fb HTTP/1.1\r\nHost: a\r\n\r\n"),
    (400, "GET /a/../b HTTP/1.1\r\nHost: a\r\n\r\n"),
    (400, "GET /a/%2e%2E HTTP/1.1\r\nHost: a\r\n\r\n"),
    (400, "GET /./a HTTP/1.1\r\nHost: a\r\n\r\n"),
    (400, "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
    (400, "GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n"),
    (400, "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
    // Field lines.
    (400, "GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n"),
    (400, "GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n"),
    (400, "GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n"),
    (400, "GET / HTTP/1.1\r\nHost: a\r\nX: a\u{7f}b\r\n\r\n"),
    (400, "GET / HTTP/1.1\r\nHost: a\r\nX: a\u{b}b\r\n\r\n"),
    (400, "GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n"),
    (400, "GET / HTTP/1.1\r\n X: a\r\nHost: a\r\n\r\n"),
    (400, "GET / HTTP/1.1\r\nHost: a\r\nX : a\r\n\r\n"),
    (400, "GET / HTTP/1.1\r\nHost: a\r\n: a\r\n\r\n"),
    (400, "GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n"),
    (400, "GET / HTTP/1.1\r\nHost: a\r\nX[]: a\r\n\r\n"),
    (400, "GET / HTTP/1.1\r\nHost: a\r\n\u{e9}: a\r\n\r\n"),
    // Host.
    (400, "GET / HTTP/1.1\r\n\r\n"),
    (400, "GET / HTTP/1.1\r\nHost: \r\n\r\n"),
    (400, "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"),
    (400, "GET / HTTP/1.0\r\nHost: a\r\nhost: b\r\n\r\n"),
    (400, "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"),
    (400, "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"),
    (400, "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
    (400, "GET / HTTP/1.1\r\nHost: a:b\r\n\r\n"),
    (400, "GET / HTTP/1.1\r\nHost: a:123456\r\n\r\n"),
    (400, "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n"),
    (400, "GET / HTTP/1.1\r\nHost: [::1]x\r\n\r\n"),
    (400, "GET http://a/ HTTP/1.1\r\n\r\n"),
    // Framing.
    (400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    (400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\nContent-Length: 5\r\n\r\nhello"),
    (400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello"),
    (400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello"),
    (400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\nhello"),
    (400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello"),
    (400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\nhello"),
    (400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\nhello"),
    (400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 05\r\n\r\nhello"),
    (400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5 5\r\n\r\nhello"),
    (400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5_0\r\n\r\nhello"),
    (400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \r\n\r\n"),
    (400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n"),
    (400, "POST / HTTP/1.1\r\nHost: a\r\nContent_Length: 5\r\n\r\nhello"),
    (400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer_Encoding: chunked\r\n\r\n0\r\n\r\n"),
    (413, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n"),
    (413, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 999999999999999999\r\n\r\n"),
    (413, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n100000\r\n"),
    (413, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n7fffffffffffff0\r\n"),
    (400, "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    (400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"),
    (400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    (400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n"),
    (400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n"),
    (400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked,\r\n\r\n0\r\n\r\n"),
    (400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: , chunked\r\n\r\n0\r\n\r\n"),
    (400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked;a=b\r\n\r\n0\r\n\r\n"),
    (400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n"),
    (400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \r\n\r\n0\r\n\r\n"),
    (400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \u{b}chunked\r\n\r\n0\r\n\r\n"),
    (501, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
    (501, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n"),
    (501, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n"),
    (400, "TRACE / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx"),
    (417, "POST / HTTP/1.1\r\nHost: a\r\nExpect: a-miracle\r\n\r\n"),
    (400, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close;x\r\n\r\n"),
    // Chunks.
    (400, chunked("+5\r\nhello\r\n0\r\n\r\n")),
    (400, chunked("-5\r\nhello\r\n0\r\n\r\n")),
    (400, chunked("0x5\r\nhello\r\n0\r\n\r\n")),
    (400, chunked("5_\r\nhello\r\n0\r\n\r\n")),
    (400, chunked(" 5\r\nhello\r\n0\r\n\r\n")),
    (400, chunked("5 \r\nhello\r\n0\r\n\r\n")),
    (400, chunked("\r\nhello\r\n0\r\n\r\n")),
    (400, chunked("5;\r\nhello\r\n0\r\n\r\n")),
    (400, chunked("5;a=\r\nhello\r\n0\r\n\r\n")),
    (400, chunked("5;a=\"b\r\nhello\r\n0\r\n\r\n")),
    (400, chunked("5;a[\r\nhello\r\n0\r\n\r\n")),
    (400, chunked("5;a\nhello\r\n0\r\n\r\n")),
    (400, chunked("5;a\rb\r\nhello\r\n0\r\n\r\n")),
    (400, chunked("5\nhello\r\n0\r\n\r\n")),
    (400, chunked("5\rhello\r\n0\r\n\r\n")),
    (400, chunked("5\r\nhello\n0\r\n\r\n")),
    (400, chunked("5\r\nhello0\r\n\r\n")),
    (400, chunked("5\r\nhello!\r\n0\r\n\r\n")),
    (400, chunked("5\r\nhello\r\r0\r\n\r\n")),
    (400, chunked("FFFFFFFFFFFFFFFF\r\n")),
    (400, chunked("10000000000000005\r\nhello\r\n0\r\n\r\n")),
    (400, chunked("0000000000000005\r\nhello\r\n0\r\n\r\n")),
    (400, chunked("5;\(String(repeating: "a", count: 300))\r\nhello\r\n0\r\n\r\n")),
    (400, chunked(String(repeating: "1;\(String(repeating: "a", count: 200))\r\nx\r\n", count: 100))),
    (431, chunked("0\r\n" + String(repeating: "a: \(String(repeating: "b", count: 200))\r\n", count: 90))),
    (431, chunked("0\r\n" + String(repeating: "a: b\r\n", count: 101))),
    (400, chunked("0\r\nContent-Length: 5\r\n\r\n")),
    (400, chunked("0\r\nTransfer-Encoding: chunked\r\n\r\n")),
    (400, chunked("0\r\nHost: b\r\n\r\n")),
    (400, chunked("0\r\n folded\r\n\r\n")),
    (400, chunked("0\r\n\n")),
    // Too much.
    (414, "GET /\(String(repeating: "a", count: 17000)) HTTP/1.1\r\nHost: a\r\n\r\n"),
    (400, "\(String(repeating: "A", count: 17000)) / HTTP/1.1\r\nHost: a\r\n\r\n"),
    (431, "GET / HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "a", count: 17000))\r\n\r\n"),
    (431, "GET / HTTP/1.1\r\nHost: a\r\n\(String(repeating: "X: \(String(repeating: "a", count: 200))\r\n", count: 90))\r\n"),
    (431, "GET / HTTP/1.1\r\nHost: a\r\n\(String(repeating: "X: y\r\n", count: 100))\r\n"),
]

private func chunked(_ body: String) -> String {
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\(body)"
}

private let next = "GET /next HTTP/1.1\r\nHost: a\r\n\r\n"

@Suite struct RequestParserTests {
    @Test(arguments: accepted.indices)
    func validRequestsAreTakenForWhatTheyAre(_ index: Int) {
        let (request, path, body) = accepted[index]
        let outcome = Outcome(of: request)
        #expect(outcome.error == nil, "\(outcome) for \(request)")
        #expect(outcome.requests.map(\.path) == [path], "\(request)")
        #expect(outcome.requests.first?.body == Array(body.utf8), "\(request)")
        #expect(outcome.requests.first?.isComplete == true, "\(request)")
    }

    @Test(arguments: accepted.indices)
    func whatFollowsARequestIsTheNextOne(_ index: Int) {
        let outcome = Outcome(of: accepted[index].request + next)
        #expect(outcome.error == nil)
        #expect(outcome.requests.map(\.path) == [accepted[index].path, "/next"])
    }

    @Test(arguments: refused.indices)
    func brokenRequestsAreRefusedWithTheirStatus(_ index: Int) {
        let (status, request) = refused[index]
        let outcome = Outcome(of: request)
        #expect(outcome.error == status, "\(outcome) for \(request.prefix(200))")
    }

    @Test(arguments: refused.indices)
    func nothingIsParsedAfterAnError(_ index: Int) {
        // Outcome itself stops the program at an event after an error.
        let outcome = Outcome(of: [ArraySlice(refused[index].request.utf8), ArraySlice(next.utf8), ArraySlice(next.utf8)])
        #expect(outcome.error == refused[index].status)
        #expect(!outcome.requests.contains { $0.path == "/next" })
    }

    @Test func everyPrefixOfAValidRequestIsWaitedOut() {
        for (request, _, _) in accepted {
            let bytes = Array(request.utf8)
            for end in bytes.indices {
                let outcome = Outcome(of: [bytes[..<end]])
                #expect(outcome.error == nil, "\(outcome) for the first \(end) bytes of \(request)")
                #expect(outcome.requests.allSatisfy { !$0.isComplete })
            }
        }
    }

    @Test func everySplitGivesTheSameOutcome() {
        for request in accepted.map({ $0.request + next }) + refused.map(\.request) {
            let bytes = Array(request.utf8)
            let whole = Outcome(of: [bytes[...]])
            #expect(Outcome(of: bytes.indices.map { bytes[$0...$0] }) == whole, "byte by byte: \(request.prefix(200))")
            // Every two-piece split of the short ones, some of the long ones.
            for cut in stride(from: 0, through: bytes.count, by: max(1, bytes.count / 400)) {
                #expect(Outcome(of: [bytes[..<cut], bytes[cut...]]) == whole, "cut at \(cut): \(request.prefix(200))")
            }
        }
    }

    @Test func damagedRequestsNeverDependOnTheirSplit() {
        var generator = SplitMix64(seed: 20260101)
        let interesting = Array("\r\n \t:;,=%/?#\"0159afAFxX+-_\0\u{7f}".utf8) + [0x80, 0xFF]
        let sources = accepted.map(\.request) + refused.map(\.request).filter { $0.utf8.count < 1000 }
        for _ in 0..<20_000 {
            var bytes = Array((sources.randomElement(using: &generator)! + sources.randomElement(using: &generator)!).utf8)
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: bytes[place] = interesting.randomElement(using: &generator)!
                case 1: bytes.insert(interesting.randomElement(using: &generator)!, at: place)
                case 2: bytes.remove(at: place)
                default: bytes[place] = UInt8.random(in: .min ... .max, using: &generator)
                }
                if bytes.isEmpty { bytes = [0] }
            }
            let cut = Int.random(in: 0...bytes.count, using: &generator)
            let whole = Outcome(of: [bytes[...]])
            #expect(Outcome(of: [bytes[..<cut], bytes[cut...]]) == whole)
        }
    }

    @Test func noiseIsRefusedOrWaitedOut() {
        var generator = SplitMix64(seed: 7)
        for _ in 0..<5_000 {
            let bytes = (0..<Int.random(in: 1...300, using: &generator)).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
            let outcome = Outcome(of: [bytes[...]])
            #expect(outcome.requests.isEmpty)
            #expect([nil, 400, 501, 505].contains(outcome.error))
        }
    }

    @Test func limitsAreExact() {
        let line = "GET / HTTP/1.1\r\n", host = "Host: a\r\n", end = "\r\n"
        // The head counts up to its last empty line.
        let size = line.utf8.count + host.utf8.count
        #expect(Outcome(of: line + host + end, headLimit: size + 1).error == nil)
        #expect(Outcome(of: line + host + end, headLimit: size).error == 431)
        #expect(Outcome(of: line + host + "A: b\r\n" + end, fieldLimit: 2).error == nil)
        #expect(Outcome(of: line + host + "A: b\r\n" + end, fieldLimit: 1).error == 431)
        let post = "POST / HTTP/1.1\r\nHost: a\r\n"
        #expect(Outcome(of: post + "Content-Length: 5\r\n\r\nhello", bodyLimit: 5).error == nil)
        #expect(Outcome(of: post + "Content-Length: 5\r\n\r\n", bodyLimit: 4).error == 413)
        #expect(Outcome(of: chunked("2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"), bodyLimit: 5).error == nil)
        #expect(Outcome(of: chunked("2\r\nhe\r\n3\r\n"), bodyLimit: 4).error == 413)
    }
}
