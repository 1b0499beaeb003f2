import HTTP

/// The page for browsers: files that are served as they are, from memory.
public struct PageFiles: Sendable {
    private let files: [ByteString: FixedPage]

    /// No page: what commands that serve nothing, and tests of the rest, use.
    public init() { files = [:] }

    /// - Parameter contents: what the files hold, by their path within the page's folder. Files of a type that
    ///   the page does not use are left out.
    public init(_ contents: [String: [UInt8]]) {
        var files: [ByteString: FixedPage] = [:]
        for (path, bytes) in contents {
            guard let type = Self.type(of: path) else { continue }
            files[ByteString("/page/\(path)")] = FixedPage(bytes, type)
        }
        self.files = files
    }

    var paths: [String] { files.keys.map(\.text) }

    /// Whether there is a page at all.
    var hasIndex: Bool { files[ByteString("/page/index.html")] != nil }

    /// The file at a path, nil where there is none.
    func response(to request: Request, at path: String) -> Response? {
        files[ByteString(path)]?.response(to: request)
    }

    private static func type(of path: String) -> MediaType? {
        switch path.split(separator: ".").last {
        case "html": .html
        case "css": .css
        case "js": .javaScript
        case "svg": .svg
        default: nil
        }
    }
}
