import HTTP
import HTTPTypes
import Testing

@Suite struct RequestTests {
    @Test func aQueryIsDecodedOnceInOrderWithRepeatsKept() throws {
        let request = try Request(
            target: "/ruin?n=3000&p=18/37&n=1&empty=&bare&&a+b=c%2Bd&e=%2525&f=x^2*(y|z)[1]{2}`\\")
        #expect(request.path == "/ruin")
        #expect(request.query.map(\.name) == ["n", "p", "n", "empty", "bare", "a b", "e", "f"])
        #expect(request.query.map(\.value) == ["3000", "18/37", "1", "", "", "c+d", "%25", "x^2*(y|z)[1]{2}`\\"])
    }

    @Test func aPlusInAPathStaysAPlus() throws {
        #expect(try Request(target: "/a+b%2Bc").path == "/a+b+c")
    }

    @Test func fieldsAreFoundWhateverTheirCase() throws {
        let request = try Request(target: "/", headerFields: [.accept: "a", .contentType: "b", .accept: "c"])
        #expect(request[.accept] == "a, c")
        #expect(request[HTTPField.Name("ACCEPT")!] == "a, c")
        #expect(request[.contentType] == "b")
        #expect(request[.cookie] == nil)
        #expect(request.headerFields[values: .accept] == ["a", "c"])
    }

    @Test func theHostOfAnAbsoluteTargetCounts() throws {
        #expect(
            try Request(target: "http://a:1/x", headerFields: [HTTPField.Name("Host")!: "b"]).head.authority == "a:1")
        #expect(try Request(target: "/x", headerFields: [HTTPField.Name("Host")!: "b"]).head.authority == "b")
    }

    @Test func anInvalidTargetIsAnError() {
        #expect(throws: ProtocolError.self) { try Request(target: "/../etc") }
        #expect(throws: ProtocolError.self) { try Request(target: "no-slash") }
    }

    @Test func aBodyIsCollectedUpToItsLimit() async throws {
        let pieces = PieceSource([[1, 2], [3], [4, 5]])
        #expect(try await RequestBody { await pieces.next() }.collect(upTo: 5) == [1, 2, 3, 4, 5])
        #expect(try await RequestBody([7]).collect() == [7])
        #expect(try await RequestBody().collect() == [])
        let again = PieceSource([[1, 2], [3]])
        await #expect(throws: ProtocolError.self) { try await RequestBody { await again.next() }.collect(upTo: 2) }
    }
}

private actor PieceSource {
    private var pieces: [[UInt8]]

    init(_ pieces: [[UInt8]]) {
        self.pieces = pieces
    }

    func next() -> [UInt8]? {
        pieces.isEmpty ? nil : pieces.removeFirst()
    }
}
