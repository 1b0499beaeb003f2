import API
import Benchmarks
import Streams
import Testing

@Suite struct InpaintingCaseTests {
    private func cases(_ count: Int) throws -> [InpaintingCase] {
        let image = JSON.array((0..<28).map { row in .numbers((0..<28).map { Double(row * 28 + $0) / 784 }) })
        let reply = JSON.object([("images", .array(Array(repeating: image, count: count)))])
        return try InpaintingCase.all(of: JSONWriter.write(reply, .line))
    }

    @Test func fiveKindsOfHolesTakeTurns() throws {
        let missing = try cases(10).map { $0.known.count { !$0 } }
        #expect(missing[0] == 7 * 15 && missing[5] == 7 * 15)
        #expect(missing[1] == 14 * 14)
        #expect(missing[2] == 14 * 28)
        for index in [3, 8] { #expect((300..<480).contains(missing[index])) }
        for index in [4, 9] { #expect((570..<690).contains(missing[index])) }
    }

    @Test func theRequestHasNullsWherePixelsAreMissingAndTheRestAsItWas() throws {
        for one in try cases(5) {
            let request = String(decoding: one.request("iterations=7"), as: UTF8.self)
            #expect(request.hasPrefix("POST /inpaint?initial=mean&iterations=7 HTTP/1.1\r\n"))
            let body = try #require(request.split(separator: "\r\n\r\n").last)
            let rows = try #require(try JSONReader.read(Array(body.utf8)).elements)
            let pixels = rows.flatMap { $0.elements ?? [] }.map(\.double)
            #expect(pixels.map { $0 != nil } == one.known)
            #expect(zip(pixels, one.image).allSatisfy { $0 == nil || $0 == $1 })
        }
    }

    @Test func somethingElseThanImagesIsRefused() {
        #expect(throws: FileError.self) { try InpaintingCase.all(of: Array("{}".utf8)) }
        #expect(throws: FileError.self) { try InpaintingCase.final(in: Array("[1]".utf8)) }
    }
}
