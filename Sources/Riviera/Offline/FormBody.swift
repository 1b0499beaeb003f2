/// A body of parts with names (RFC 7578).
struct FormBody: Sendable {
    private(set) var bytes: [UInt8] = []
    private let boundary: String

    /// - Parameter parts: what each is called, and what it holds.
    init(_ parts: [(name: String, bytes: [UInt8])]) {
        var generator = SystemRandomNumberGenerator()
        // No file holds it but by a chance of 2⁻¹²⁸.
        boundary = "riviera-" + String(generator.next(), radix: 16) + String(generator.next(), radix: 16)
        for (name, content) in parts {
            bytes += "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n".utf8
            bytes += content
            bytes += "\r\n".utf8
        }
        bytes += "--\(boundary)--\r\n".utf8
    }

    var contentType: String { "multipart/form-data; boundary=\(boundary)" }
}
