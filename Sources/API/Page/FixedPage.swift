import Compute
import HTTP
import HTTPTypes

/// A body that stays the same as long as the program runs.
struct FixedPage: Sendable {
    private let bytes: [UInt8]
    /// By gzip, made once.
    private let gzip: [UInt8]?
    private let type: MediaType
    private let tag: String

    init(_ bytes: [UInt8], _ type: MediaType) {
        self.bytes = bytes
        gzip = bytes.count < Response.leastCompressed ? nil : Gzip.member(of: bytes, level: 6)
        self.type = type
        tag = "\"\(SHA256.hexadecimal(of: bytes).prefix(32))\""
    }

    func response(to request: Request) -> Response {
        var response = Response.bytes(bytes, type)
        response.gzip = gzip
        response.headerFields[.eTag] = tag
        // Another version of the program may have another page at the same address.
        response.headerFields[.cacheControl] = "no-cache"
        response.headerFields[.contentSecurityPolicy] = Self.policy
        response.headerFields[.xContentTypeOptions] = "nosniff"
        if let known = request[.ifNoneMatch], let tag = CodedTag.named(in: known, of: tag) {
            response.status = .notModified
            response.headerFields[.eTag] = tag
            response.body = .bytes([])
        }
        return response
    }

    /// Nothing from other servers, no scripts or styles in attributes, and no place in a frame.
    private static let policy =
        "default-src 'self'; img-src 'self' blob: data:; style-src 'self'; script-src 'self'; "
        + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}
