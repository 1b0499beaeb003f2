import Glibc
import HTTP
import HTTPFixtures
import HTTPTypes
import SeededRandom
import Testing

extension ServingTests {
    /// A live server and reproducible clients that send damaged, cut and pipelined requests.
    @Suite struct ConnectionFuzzTests {
        private static let statuses: Set<Int> = [100, 200, 204, 400, 408, 413, 414, 417, 431, 501, 505]

        @Test(arguments: 1...8)
        func everyAnswerHasAStatusOfTheContractAndTheServerLives(_ seed: UInt64) async throws {
            var handler = TestHandler { request in
                var response: Response
                do {
                    response = Response(body: .bytes(try await request.body.collect()))
                } catch {
                    response = .text("not sent", status: .internalServerError)
                }
                response.headerFields[.method] = request.method.rawValue
                return response
            }
            handler.brief = { $0.target.utf8.count % 2 == 0 }
            handler.error = { error in
                var response = Response.text(error.detail, status: error.status)
                response.headerFields[.method] = error.head?.method.rawValue
                return response
            }
            try await withServer(handler) { port in
                try await onThread {
                    var generator = SplitMix64(seed: seed)
                    for round in 0..<150 {
                        let client = try RawClient(port: port)
                        let bytes = RequestNoise.next(using: &generator)
                        var rest = bytes[...]
                        while !rest.isEmpty {
                            let piece = rest.prefix(Int.random(in: 1...max(1, bytes.count / 2), using: &generator))
                            rest = rest.dropFirst(piece.count)
                            // The server may have closed already.
                            guard (try? client.send(Array(piece))) != nil else { break }
                        }
                        client.finishSending()
                        while let reply = try client.replyUnlessClosed() {
                            #expect(
                                Self.statuses.contains(reply.status),
                                "round \(round): \(String(decoding: bytes, as: UTF8.self))")
                        }
                    }
                    let client = try RawClient(port: port)
                    try client.send(get)
                    #expect(try client.reply().status == 200)
                }
            }
        }
    }
}

extension HTTPField.Name {
    fileprivate static let method = HTTPField.Name("X-Method")!
}
