import COpenSSL
import Glibc
import HTTP
import SeededRandom
import Testing

extension ServingTests {
    /// A live server and reproducible clients whose records are damaged, cut, invented and repeated. A longer pass:
    /// `TLS_FUZZ_SEEDS=1000`.
    @Suite struct TLSFuzzTests {
        private static let seeds = getenv("TLS_FUZZ_SEEDS").flatMap { UInt64(String(cString: $0)) } ?? 4

        @Test(arguments: 1...max(1, seeds))
        func noRecordsKeepTheServerFromServing(_ seed: UInt64) async throws {
            try await withSecureServer(TestHandler.echo, nil, { $0.handshakeDeadline = .seconds(2) }) { port in
                try await onThread {
                    var generator = SplitMix64(seed: seed)
                    for _ in 0..<60 {
                        if Bool.random(using: &generator) {
                            try Self.inventRecords(port, &generator)
                        } else {
                            Self.damageRecords(port, &generator)
                        }
                    }
                    let client = try SecureClient(port: port)
                    try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello")
                    #expect(try client.reply().text == "hello")
                }
            }
        }

        /// Records of all types around a true ClientHello.
        private static func inventRecords(_ port: Int, _ generator: inout SplitMix64) throws {
            let client = try SecureClient(port: port, handshake: false)
            var bytes: [UInt8] = Bool.random(using: &generator) ? client.clientHello() : []
            for _ in 0..<Int.random(in: 1...20, using: &generator) {
                let length = [0, 1, 2, 40, 300, 16384].randomElement(using: &generator) ?? 0
                let announced = Int.random(in: 0..<8, using: &generator) == 0 ? 0xFFFF : length
                bytes += [
                    UInt8.random(in: 20...24, using: &generator), 3, UInt8.random(in: 0...4, using: &generator),
                    UInt8(announced >> 8), UInt8(announced & 255),
                ]
                bytes += (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
            }
            try? client.raw.send(bytes)
            client.raw.finishSending()
            _ = try? client.raw.rest()
        }

        /// A whole conversation in which some bytes are changed, dropped or sent twice.
        private static func damageRecords(_ port: Int, _ generator: inout SplitMix64) {
            let state = Box(generator)
            let rarity = Int.random(in: 1...40, using: &generator)
            let client = try? SecureClient(
                port: port,
                .init(
                    version: Bool.random(using: &generator) ? TLS1_2_VERSION : TLS1_3_VERSION,
                    piece: Int.random(in: 1...500, using: &generator),
                    damage: { bytes in
                        guard Int.random(in: 0..<rarity, using: &state.value) == 0 else { return }
                        let index = Int.random(in: 0..<bytes.count, using: &state.value)
                        switch Int.random(in: 0..<3, using: &state.value) {
                        case 0: bytes[index] ^= UInt8.random(in: 1...255, using: &state.value)
                        case 1: bytes.remove(at: index)
                        default: bytes += bytes
                        }
                    }), handshake: false)
            guard let client else { return }
            // A server that waits for what was dropped would wait as long as its deadline says.
            var limit = timeval(tv_sec: 0, tv_usec: 50_000)
            setsockopt(
                client.raw.descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
            guard (try? client.shakeHands()) != nil else { return }
            for _ in 0..<5 {
                guard
                    (try? client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello")) != nil,
                    let reply = try? client.reply()
                else { return }
                #expect(reply.status == 200 && reply.text == "hello")
            }
        }

        private final class Box {
            var value: SplitMix64
            init(_ value: SplitMix64) { self.value = value }
        }
    }
}
