import APIFixtures
import HTTPTypes

/// Requests as a fuzzer's inputs: a line with the method, the target, and Content-Type, Accept and Content-Encoding, `-` for
/// none; then the body.
extension SweepRequest {
    /// nil where no server would have taken it for a request.
    init?(_ input: [UInt8]) {
        let line = input.prefix { $0 != UInt8(ascii: "\n") }
        let words = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        guard words.count >= 2, let method = HTTPRequest.Method(words[0]), words[1].hasPrefix("/") else { return nil }
        func field(_ index: Int) -> String? { index < words.count && words[index] != "-" ? words[index] : nil }
        self.init(
            method: method, target: words[1], contentType: field(2), contentEncoding: field(4), accept: field(3),
            body: Array(input.dropFirst(line.count + 1)))
    }

    var bytes: [UInt8] {
        // A blank would end a word; in fields it means nothing.
        let fields = [contentType, accept, contentEncoding].map { field in
            field.map { String($0.filter { $0 != " " }) } ?? "-"
        }
        return Array(([method.rawValue, target] + fields).joined(separator: " ").utf8) + [UInt8(ascii: "\n")] + body
    }
}
