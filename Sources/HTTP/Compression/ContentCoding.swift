import HTTPTypes

/// How the content of a message is coded on its way (RFC 9110 section 8.4.1).
public enum ContentCoding: Sendable, Equatable {
    /// As it is.
    case identity
    /// RFC 1952; `x-gzip` is another name for it.
    case gzip
    /// RFC 1950, or RFC 1951 alone, which some clients send under this name.
    case deflate

    /// What a 415 offers in its Accept-Encoding field (RFC 9110 section 15.5.16).
    public static let supported = "gzip, deflate"

    init?(name: ArraySlice<UInt8>) {
        if name.isEmpty || name.equalsIgnoringCase("identity") {
            self = .identity
        } else if name.equalsIgnoringCase("gzip") || name.equalsIgnoringCase("x-gzip") {
            self = .gzip
        } else if name.equalsIgnoringCase("deflate") {
            self = .deflate
        } else {
            return nil
        }
    }
}

extension RequestHead {
    /// The coding of the request's body.
    ///
    /// - Throws: `ProtocolError` 415 that names a coding that is not supported, or one on top of another.
    public func contentCoding() throws(ProtocolError) -> ContentCoding {
        guard let field = self[.contentEncoding] else { return .identity }
        var coding = ContentCoding.identity
        for name in field.utf8.split(separator: UInt8(ascii: ",")) {
            guard let next = ContentCoding(name: ArraySlice(name).trimmingWhitespace()) else {
                throw Self.unsupported("Content-Encoding “\(Self.start(of: name))” is not supported")
            }
            guard next != .identity else { continue }
            guard coding == .identity else {
                throw Self.unsupported(
                    "Content-Encoding “\(Self.start(of: field.utf8[...]))” names several codings, of which one at most is supported"
                )
            }
            coding = next
        }
        return coding
    }

    private static func unsupported(_ what: String) -> ProtocolError {
        ProtocolError(
            .unsupportedMediaType, "\(what): send the body as it is, or by gzip or deflate.", field: "Content-Encoding")
    }

    /// Enough of a name to recognize it by.
    private static func start(of name: Substring.UTF8View) -> String {
        let trimmed = ArraySlice(Array(name)).trimmingWhitespace()
        return String(decoding: trimmed.prefix(60), as: UTF8.self) + (trimmed.count > 60 ? "…" : "")
    }
}
