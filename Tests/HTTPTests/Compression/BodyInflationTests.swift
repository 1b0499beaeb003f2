import HTTP
import HTTPTypes
import SeededRandom
import Testing

@Suite struct BodyInflationTests {
    static let text = Array(String(repeating: "a line of text\n", count: 300).utf8)
    static let gzip = Gzip.member(of: text) ?? []
    /// RFC 1951: what stands between gzip's header of ten bytes and its trailer of eight.
    static let raw = Array(gzip.dropFirst(10).dropLast(8))
    /// RFC 1950: two bytes before it, Adler's checksum behind it.
    static let zlib = [0x78, 0x9c] + raw + bigEndian(adler32(text))

    static let forms: [(ContentCoding, [UInt8])] = [(.gzip, gzip), (.deflate, zlib), (.deflate, raw)]

    private static func adler32(_ bytes: [UInt8]) -> UInt32 {
        let (a, b) = bytes.reduce((UInt32(1), UInt32(0))) { sums, byte in
            let a = (sums.0 + UInt32(byte)) % 65521
            return (a, (sums.1 + a) % 65521)
        }
        return b << 16 | a
    }

    private static func bigEndian(_ number: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * UInt32($0))) }
    }

    /// All that comes of a body that comes in pieces of this size.
    private func inflate(
        _ coding: ContentCoding, _ bytes: [UInt8], pieces size: Int = .max, limit: Int = .max
    ) throws(ProtocolError) -> [UInt8] {
        var inflation = BodyInflation(coding, limit: limit), all: [UInt8] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            inflation.take(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
            while let piece = try inflation.piece() { all += piece }
        }
        try inflation.end()
        return all
    }

    private func failure(_ body: () throws(ProtocolError) -> [UInt8]) -> ProtocolError? {
        do {
            _ = try body()
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [1, 2, 3, 10, 100, .max])
    func everyFormInPiecesOfEverySizeGivesTheText(size: Int) throws {
        for (coding, bytes) in Self.forms {
            #expect(try inflate(coding, bytes, pieces: size) == Self.text)
        }
        let large = (0..<40).flatMap { _ in Self.text }
        #expect(try inflate(.gzip, Gzip.member(of: large) ?? [], pieces: size) == large)
    }

    @Test(arguments: [1, 7, .max])
    func gzipsMembersFollowOneAnother(size: Int) throws {
        let empty = Gzip.member(of: []) ?? []
        #expect(try inflate(.gzip, Self.gzip + empty + Self.gzip, pieces: size) == Self.text + Self.text)
        #expect(try inflate(.gzip, empty, pieces: size) == [])
    }

    @Test func whatIsCutOffIsNamed() {
        for (coding, bytes) in Self.forms {
            for count in 0..<bytes.count {
                let error = failure { () throws(ProtocolError) in try inflate(coding, Array(bytes.prefix(count))) }
                #expect(
                    error?.status == .badRequest && error?.detail.contains("breaks off") == true, "\(coding) \(count)")
            }
        }
    }

    @Test(arguments: [
        [0], [0x1f], [0x1f, 0x8b, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0], Array("garbage".utf8),
        [UInt8](repeating: 0, count: 100),
    ])
    func whatFollowsTheEndIsNamed(rest: [UInt8]) {
        for (coding, bytes) in Self.forms {
            for size in [1, .max] {
                let error = failure { () throws(ProtocolError) in try inflate(coding, bytes + rest, pieces: size) }
                #expect(error?.status == .badRequest)
                let detail = error?.detail ?? ""
                // What begins as another member is taken for one.
                let isMember = coding == .gzip && rest[0] == 0x1f
                let part = !isMember ? "goes on after its end" : rest.count == 1 ? "breaks off" : "is damaged"
                #expect(detail.contains(part))
            }
        }
    }

    @Test func whatIsDamagedIsRefusedOrGivesTheText() {
        var random = SplitMix64(seed: 17)
        for (coding, bytes) in Self.forms {
            for _ in 0..<500 {
                var other = bytes
                for _ in 0...(random.next() & 3) {
                    other[Int(random.next() % UInt64(bytes.count))] ^= UInt8(1) << (random.next() & 7)
                }
                let error = failure { () throws(ProtocolError) in
                    try inflate(coding, other, pieces: 1 + Int(random.next() & 63), limit: 1 << 16)
                }
                if let error { #expect(error.status == .badRequest || error.status == .contentTooLarge) }
            }
        }
    }

    /// The work ends with the limit, whatever is still to come.
    @Test func aBombIsRefusedAtTheLimit() {
        let bomb = Gzip.member(of: [UInt8](repeating: 0, count: 64 << 20), level: 9) ?? []
        #expect(bomb.count < 1 << 17)
        for limit in [0, 1, 1000, 65535, 65536, 65537, 1 << 20] {
            var inflation = BodyInflation(.gzip, limit: limit), produced = 0
            inflation.take(bomb)
            let error = failure { () throws(ProtocolError) in
                while let piece = try inflation.piece() { produced += piece.count }
                return []
            }
            #expect(error?.status == .contentTooLarge && produced <= limit)
        }
        // As long as the limit is allowed.
        #expect(throws: Never.self) { try inflate(.gzip, Self.gzip, limit: Self.text.count) }
        #expect(throws: ProtocolError.self) { try inflate(.gzip, Self.gzip, limit: Self.text.count - 1) }
    }

    @Test(arguments: [
        "br", "zstd", "compress", "gzip, gzip", "deflate,gzip", "gzip;q=1", "gzi p",
        String(repeating: "x", count: 5000),
    ])
    func othersAreNamed(field: String) throws {
        let request = try Request(method: .post, target: "/", headerFields: [.contentEncoding: field])
        let error = failure { () throws(ProtocolError) in
            _ = try request.head.contentCoding()
            return []
        }
        #expect(error?.status == .unsupportedMediaType && error?.detail.contains(field.prefix(8)) == true)
        #expect((error?.detail.utf8.count ?? 0) < 300)
    }

    @Test(arguments: [
        ("identity", ContentCoding.identity), ("", .identity), ("gzip", .gzip), ("X-GZIP", .gzip),
        ("deflate", .deflate),
        ("identity, gzip", .gzip),
    ])
    func theseAreUndone(field: String, coding: ContentCoding) throws {
        let request = try Request(method: .post, target: "/", headerFields: [.contentEncoding: field])
        #expect(try request.head.contentCoding() == coding)
    }
}
