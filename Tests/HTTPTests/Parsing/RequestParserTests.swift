import HTTP
import Testing

private let next = "GET /next HTTP/1.1\r\nHost: a\r\n\r\n"

@Suite struct RequestParserTests {
    @Test(arguments: acceptedRequests)
    func validRequestsAreTakenForWhatTheyAre(_ accepted: AcceptedRequest) {
        let outcome = Outcome(of: accepted.request)
        #expect(outcome.error == nil, "\(outcome)")
        #expect(outcome.requests.map(\.path) == [accepted.path])
        #expect(outcome.requests.first?.body == Array(accepted.body.utf8))
        #expect(outcome.requests.first?.isComplete == true)
    }

    @Test(arguments: acceptedRequests)
    func whatFollowsARequestIsTheNextOne(_ accepted: AcceptedRequest) {
        let outcome = Outcome(of: accepted.request + next)
        #expect(outcome.error == nil, "\(outcome)")
        #expect(outcome.requests.map(\.path) == [accepted.path, "/next"])
    }

    @Test(arguments: refusedRequests)
    func brokenRequestsAreRefusedWithTheirStatus(_ refused: RefusedRequest) {
        let outcome = Outcome(of: refused.request)
        #expect(outcome.error == refused.status, "\(outcome)")
    }

    @Test(arguments: refusedRequests)
    func nothingIsParsedAfterAnError(_ refused: RefusedRequest) {
        // Outcome itself stops the program at an event after an error.
        let outcome = Outcome(of: [ArraySlice(refused.request.utf8), ArraySlice(next.utf8), ArraySlice(next.utf8)])
        #expect(outcome.error == refused.status, "\(outcome)")
        #expect(!outcome.requests.contains { $0.path == "/next" })
    }

    @Test(arguments: acceptedRequests)
    func everyPrefixOfAValidRequestIsWaitedOut(_ accepted: AcceptedRequest) {
        let bytes = Array(accepted.request.utf8)
        for end in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 400)) {
            let outcome = Outcome(of: [bytes[..<end]])
            #expect(outcome.error == nil, "\(outcome) for the first \(end) bytes")
            #expect(outcome.requests.allSatisfy { !$0.isComplete })
        }
    }

    @Test(arguments: acceptedRequests.map { AcceptedRequest($0.request + next, $0.path, $0.body) })
    func everySplitOfValidRequestsGivesTheSameOutcome(_ accepted: AcceptedRequest) {
        expectNoDependenceOnSplits(accepted.request)
    }

    @Test(arguments: refusedRequests)
    func everySplitOfBrokenRequestsGivesTheSameOutcome(_ refused: RefusedRequest) {
        expectNoDependenceOnSplits(refused.request)
    }

    private func expectNoDependenceOnSplits(_ request: String) {
        let bytes = Array(request.utf8)
        let whole = Outcome(of: [bytes[...]])
        #expect(Outcome(of: bytes.indices.map { bytes[$0...$0] }) == whole, "byte by byte")
        // Every two-piece split of the short ones, some of the long ones.
        let cuts = bytes.count < 20_000 ? 400 : 20
        for cut in stride(from: 0, through: bytes.count, by: max(1, bytes.count / cuts)) {
            #expect(Outcome(of: [bytes[..<cut], bytes[cut...]]) == whole, "cut at \(cut)")
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
        // Five bytes of framing for one of content: 1024 of them and no more.
        let byte = "1\r\nx\r\n"
        #expect(Outcome(of: chunked(String(repeating: byte, count: 256)), headLimit: 1024).error == nil)
        #expect(Outcome(of: chunked(String(repeating: byte, count: 257)), headLimit: 1024).error == 400)
    }
}
