import HTTP
import HTTPTypes

/// The parts of a `multipart/form-data` body (RFC 7578), each with its name.
struct MultipartForm: Sendable {
    struct Part: Sendable {
        let name: String
        /// As the part has it; nil where it says nothing.
        let contentType: String?
        fileprivate(set) var bytes: [UInt8]
    }

    private(set) var parts: [Part] = []

    /// Reads a body as it comes; what is kept of it counts as the request's memory.
    ///
    /// - Throws: `Problem` 400 for what is no such body, and for a part that is given twice, which it names.
    init(_ request: Request) async throws {
        var parser = MultipartParser(boundary: try Self.boundary(request[.contentType] ?? ""))
        for try await piece in request.body {
            parser.append(piece)
            while let event = try parser.next() {
                switch event {
                case .part(let fields): try begin(fields)
                case .content(let bytes):
                    try request.memory.reserve(bytes.count)
                    parts[parts.count - 1].bytes += bytes
                case .end: break
                }
            }
        }
        guard parser.isAtEnd else {
            throw Problem.malformed("The form breaks off before its last boundary.")
        }
    }

    /// Takes a part out.
    mutating func take(_ name: String) -> Part? {
        parts.firstIndex { $0.name.isIdentical(to: name) }.map { parts.remove(at: $0) }
    }

    /// The parts that are left, as texts: what a query would say. Bytes that are not UTF-8 are not a valid option, which whoever
    /// reads the option finds.
    var texts: [(name: String, value: String)] {
        parts.map { ($0.name, String(decoding: $0.bytes, as: UTF8.self)) }
    }

    /// Letters, digits and some signs (RFC 2046, section 5.1.1), in 1 … 70 bytes.
    private static func boundary(_ contentType: String) throws -> String {
        guard let boundary = FieldParameters(contentType)?["boundary"] else {
            throw Problem.malformed(
                "The Content-Type has no boundary. Leave it to the program that makes the form: with curl, -F alone.")
        }
        let isAllowed = boundary.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || "'()+_,-./:=? ".utf8.contains(byte)
        }
        guard isAllowed, 1...70 ~= boundary.utf8.count, boundary.last != " " else {
            throw Problem.malformed(
                "The Content-Type's boundary \(boundary.quoted) is not valid: a boundary has 1 to 70 letters, digits and '()+_,-./:=?"
            )
        }
        return boundary
    }

    private mutating func begin(_ fields: [MultipartParser.FieldLine]) throws {
        let value = { (name: String) in fields.first { $0.name.isIdentical(to: name) }?.value }
        guard let disposition = value("content-disposition").flatMap(FieldParameters.init),
            disposition.essence.isIdentical(to: "form-data"), let name = disposition["name"]
        else {
            throw Problem.malformed("A part of the form has no Content-Disposition: form-data with a name.")
        }
        guard !parts.contains(where: { $0.name.isIdentical(to: name) }) else {
            throw Problem.malformed("The part \(name.quoted) is given more than once.", .parameter(name))
        }
        if let coding = value("content-transfer-encoding"), !["binary", "8bit", "7bit"].contains(coding.lowercased()) {
            throw Problem.malformed(
                "The part \(name.quoted) has Content-Transfer-Encoding \(coding.quoted): send its bytes as they are.",
                .parameter(name))
        }
        parts.append(Part(name: name, contentType: value("content-type"), bytes: []))
    }
}
