public import HTTPTypes
import Zlib

extension Response {
    /// Bytes. Shorter content is not worth it: it fits into one packet as it is.
    public static let leastCompressed = 1024

    /// Bytes that are compressed before the response is sent; what is longer is compressed as it is sent.
    static let compressedAtOnce = 64 << 10

    /// The response by gzip, where the client prefers that and it saves anything; each piece of a stream is
    /// complete for the client when it is written.
    ///
    /// O(64 KiB) at most here; the rest of the work is done as the body is sent, in slices of that size.
    ///
    /// - Parameters:
    ///   - head: of the request
    ///   - memory: the request's; where it has none for a compressor the response stays as it is
    public func compressed(for head: RequestHead, memory: RequestMemory) -> Response {
        let accepted = AcceptedCodings(head[.acceptEncoding])
        if case .bytes(let bytes) = body, bytes.count < Self.leastCompressed, status != .notModified {
            // The same for everybody, so that Vary has nothing to say; but some take nothing but gzip.
            guard accepted.refuseIdentity else { return self }
        }
        guard headerFields[.contentType].map(Self.isCompressible) == true else { return self }
        var response = self
        response.vary(on: .acceptEncoding)
        guard accepted.preferGzip, status != .notModified, headerFields[.contentEncoding] == nil,
            let coded = gzip.map({ .bytes($0) }) ?? body.compressed(memory: memory)
        else { return response }
        response.body = coded
        response.gzip = nil
        response.headerFields[.contentEncoding] = "gzip"
        if let tag = headerFields[.eTag] { response.headerFields[.eTag] = CodedTag.gzip(tag) }
        return response
    }

    /// Names a field of the request in Vary, once (RFC 9110 section 12.5.5).
    public mutating func vary(on name: HTTPField.Name) {
        let named = headerFields[.vary] ?? ""
        let isThere = named.utf8.split(separator: UInt8(ascii: ",")).contains {
            let item = ArraySlice($0).trimmingWhitespace()
            return item.elementsEqual("*".utf8) || item.map(lowercase).elementsEqual(name.canonicalName.utf8)
        }
        guard !isThere else { return }
        headerFields[.vary] = named.isEmpty ? name.rawName : "\(named), \(name.rawName)"
    }

    /// Whether content of a type becomes smaller: text does, pictures are compressed already.
    package static func isCompressible(_ contentType: String) -> Bool {
        let essence = contentType.prefix { $0 != ";" }.lowercased()
        return essence.hasPrefix("text/") || essence.hasSuffix("json") || essence.hasSuffix("xml")
            || essence.hasSuffix("javascript")
    }
}

extension ResponseBody {
    /// By gzip; nil where there is no memory for that.
    fileprivate func compressed(memory: RequestMemory) -> ResponseBody? {
        switch self {
        case .bytes(let bytes) where bytes.count <= Response.compressedAtOnce:
            guard (try? memory.reserve(Deflater.memory)) != nil else { return nil }
            defer { memory.release(Deflater.memory) }
            return Gzip.member(of: bytes).map { .bytes($0) }
        case .bytes(let bytes):
            guard (try? memory.reserve(bytes.count + Deflater.memory)) != nil else { return nil }
            return .stream { writer in
                let writer = try GzipWriter(writer)
                try await writer.write(bytes)
                try await writer.finish()
                return HTTPFields()
            }
        case .stream(let produce):
            guard (try? memory.reserve(Deflater.memory)) != nil else { return nil }
            return .stream { writer in
                let writer = try GzipWriter(writer)
                let trailers = try await produce(ResponseWriter { try await writer.write($0) })
                try await writer.finish()
                return trailers
            }
        }
    }
}
