import HTTP
import HTTPTypes
import Synchronization
import Testing
import Zlib

@Suite struct ResponseCompressionTests {
    private let text = Array(String(repeating: "0.25,", count: 1000).utf8)

    private func request(_ accept: String?, method: HTTPRequest.Method = .get) throws -> RequestHead {
        try Request(method: method, target: "/", headerFields: accept.map { [.acceptEncoding: $0] } ?? [:]).head
    }

    private func response(_ bytes: [UInt8], _ type: String = "application/json") -> Response {
        Response(headerFields: [.contentType: type, .eTag: "\"abc\"", .vary: "Accept"], body: .bytes(bytes))
    }

    private func gunzip(_ bytes: [UInt8]) async throws -> [UInt8] {
        try await Request(
            method: .post, target: "/", headerFields: [.contentEncoding: "gzip"], body: RequestBody(bytes)
        ).body.collect()
    }

    /// All that a response sends, in the pieces that it is written in.
    private func pieces(of response: Response) async throws -> [[UInt8]] {
        switch response.body {
        case .bytes(let bytes): return [bytes]
        case .stream(let produce):
            let pieces = Mutex<[[UInt8]]>([])
            _ = try await produce(ResponseWriter { piece in pieces.withLock { $0.append(piece) } })
            return pieces.withLock { $0 }
        }
    }

    @Test(arguments: [1024, 5000, 65536, 65537, 300_000])
    func aClientThatAcceptsGzipGetsTheSameContent(count: Int) async throws {
        let bytes = Array((0..<count).map { text[$0 % text.count] })
        let memory = RequestMemory(MemoryBudget(limit: 1 << 20))
        let coded = response(bytes).compressed(for: try request("gzip"), memory: memory)
        #expect(coded.headerFields[.contentEncoding] == "gzip")
        #expect(coded.headerFields[.eTag] == "\"abc-gzip\"")
        #expect(coded.headerFields[.vary] == "Accept, Accept-Encoding")
        let sent = try await pieces(of: coded).flatMap(\.self)
        #expect(sent.count < bytes.count / 10)
        #expect(try await gunzip(sent) == bytes)
        // The same bytes each time, and nothing kept of what was done before the reply leaves.
        let again = response(bytes).compressed(for: try request("gzip"), memory: RequestMemory())
        #expect(try await pieces(of: again).flatMap(\.self) == sent)
        if count <= 65536 { #expect(memory.reserved == 0) } else { #expect(memory.reserved > count) }
    }

    @Test func othersGetItAsItIsAndCachesAreToldThatItVaries() throws {
        for accept in [nil, "identity", "br", "gzip;q=0"] {
            let plain = response(text).compressed(for: try request(accept), memory: RequestMemory())
            guard case .bytes(text) = plain.body else {
                Issue.record("as it is")
                continue
            }
            #expect(plain.headerFields[.contentEncoding] == nil && plain.headerFields[.eTag] == "\"abc\"")
            #expect(plain.headerFields[.vary] == "Accept, Accept-Encoding")
        }
    }

    @Test func shortContentPicturesAndWhatIsCodedStayAsTheyAre() throws {
        let gzip = try request("gzip"), memory = RequestMemory()
        let short = response(Array(text.prefix(1023))).compressed(for: gzip, memory: memory)
        #expect(short.headerFields[.contentEncoding] == nil && short.headerFields[.vary] == "Accept")
        let picture = response(text, "image/png").compressed(for: gzip, memory: memory)
        #expect(picture.headerFields[.contentEncoding] == nil && picture.headerFields[.vary] == "Accept")
        var coded = response(text)
        coded.headerFields[.contentEncoding] = "br"
        #expect(coded.compressed(for: gzip, memory: memory).headerFields[.contentEncoding] == "br")
        // But who takes nothing else gets short content by gzip.
        let only = response([1]).compressed(for: try request("gzip, identity;q=0"), memory: memory)
        #expect(only.headerFields[.contentEncoding] == "gzip" && only.headerFields[.vary] == "Accept, Accept-Encoding")
    }

    @Test func types() {
        for type in [
            "text/csv; charset=utf-8", "application/json", "application/problem+json", "image/svg+xml",
            "text/javascript", "application/x-ndjson",
        ] {
            #expect(Response.isCompressible(type), "\(type)")
        }
        for type in ["image/png", "application/octet-stream", "application/gzip", "video/mp4"] {
            #expect(!Response.isCompressible(type), "\(type)")
        }
    }

    /// Its tag is the one that the client has named.
    @Test func whatIsNotModifiedKeepsItsTag() throws {
        var response = response([])
        response.status = .notModified
        let coded = response.compressed(for: try request("gzip"), memory: RequestMemory())
        #expect(coded.headerFields[.eTag] == "\"abc\"" && coded.headerFields[.contentEncoding] == nil)
        #expect(coded.headerFields[.vary] == "Accept, Accept-Encoding")
    }

    /// A client that has been sent a line can read that line.
    @Test func eachPieceOfAStreamIsCompleteWhenItIsWritten() async throws {
        let lines = (0..<50).map { Array("{\"iteration\":\($0)}\n".utf8) }
        let stream = Response(
            headerFields: [.contentType: "application/x-ndjson"],
            body: .stream { writer in
                for line in lines { try await writer.write(line) }
                return [.serverTiming: "x"]
            })
        let coded = stream.compressed(for: try request("gzip"), memory: RequestMemory())
        let pieces = try await pieces(of: coded)
        #expect(pieces.count == lines.count + 1)
        var inflater = try Inflater(.gzip), output = [UInt8](repeating: 0, count: 1000)
        for (piece, line) in zip(pieces, lines) {
            let step = piece.withUnsafeBytes { input in
                output.withUnsafeMutableBytes { inflater.inflate(input, into: $0) }
            }
            #expect(output[..<step.produced] == line[...])
        }
    }

    @Test func withoutMemoryForItNothingIsCompressed() throws {
        let memory = RequestMemory(MemoryBudget(limit: 1000))
        let plain = response(text).compressed(for: try request("gzip"), memory: memory)
        #expect(plain.headerFields[.contentEncoding] == nil && memory.reserved == 0)
    }

    @Test func varyNamesEachFieldOnce() {
        var response = Response()
        for name in [HTTPField.Name.accept, .acceptEncoding, .accept, .origin] { response.vary(on: name) }
        #expect(response.headerFields[.vary] == "Accept, Accept-Encoding, Origin")
        response.headerFields[.vary] = "*"
        response.vary(on: .accept)
        #expect(response.headerFields[.vary] == "*")
    }
}

extension HTTPField.Name {
    fileprivate static let serverTiming = HTTPField.Name("Server-Timing")!
}
