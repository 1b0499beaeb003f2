import Compute
import HTTP
import HTTPTypes

/// The page for browsers and the description of the API: files that are served as they are, from memory.
public struct PageFiles: Sendable {
    private struct File: Sendable {
        let bytes: [UInt8]
        /// By gzip, made once.
        let gzip: [UInt8]?
        let type: MediaType
        let tag: String
    }

    private let files: [ByteString: File]

    /// No page: what commands that serve nothing, and tests of the rest, use.
    public init() { files = [:] }

    /// - Parameter contents: what the files hold, by their path within the page's folder. Files of a type that
    ///   the page does not use are left out.
    public init(_ contents: [String: [UInt8]]) {
        var files: [ByteString: File] = [:]
        for (path, bytes) in contents {
            guard let type = Self.type(of: path) else { continue }
            files[ByteString(Self.url(of: path))] = File(
                bytes: bytes, gzip: bytes.count < Response.leastCompressed ? nil : Gzip.member(of: bytes), type: type,
                tag: "\"\(SHA256.hexadecimal(of: bytes).prefix(32))\"")
        }
        self.files = files
    }

    var paths: [String] { files.keys.map(\.text) }

    /// Whether there is a page at all.
    var hasIndex: Bool { files[ByteString("/page/index.html")] != nil }

    /// The file at a path, nil where there is none.
    func response(to request: Request, at path: String) -> Response? {
        guard let file = files[ByteString(path)] else { return nil }
        var response = Response.bytes(file.bytes, file.type)
        response.gzip = file.gzip
        response.headerFields[.eTag] = file.tag
        // Another version of the program may have another page at the same address.
        response.headerFields[.cacheControl] = "no-cache"
        response.headerFields[.contentSecurityPolicy] = Self.policy
        response.headerFields[.xContentTypeOptions] = "nosniff"
        if let known = request[.ifNoneMatch], let tag = CodedTag.named(in: known, of: file.tag) {
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

    /// The description of the API has a place of its own; everything else is below /page.
    private static func url(of path: String) -> String {
        path.isIdentical(to: "openapi.json") ? "/openapi.json" : "/page/\(path)"
    }

    private static func type(of path: String) -> MediaType? {
        switch path.split(separator: ".").last {
        case "html": .html
        case "css": .css
        case "js": .javaScript
        case "svg": .svg
        case "json": .json
        default: nil
        }
    }
}
