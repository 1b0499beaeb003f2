import HTTP

/// What a parser made of some bytes: the requests in order, and how it ended.
struct Outcome: Equatable, CustomStringConvertible {
    struct Parsed: Equatable {
        var method: String
        var path: String
        var query: [String]
        var fields: [String]
        var body: [UInt8] = []
        var isComplete = false
    }

    var requests: [Parsed] = []
    /// The status of the error, nil where there was none.
    var error: Int?
    var detail: String?

    /// Parses pieces given one after the other.
    init(of pieces: some Sequence<ArraySlice<UInt8>>, headLimit: Int = 16384, fieldLimit: Int = 100, bodyLimit: Int = 1 << 20) {
        var parser = RequestParser(headLimit: headLimit, fieldLimit: fieldLimit, bodyLimit: bodyLimit)
        for piece in pieces {
            parser.append(piece)
            take(from: &parser)
        }
    }

    /// Parses all of it at once.
    init(of text: String, headLimit: Int = 16384, fieldLimit: Int = 100, bodyLimit: Int = 1 << 20) {
        self.init(of: [ArraySlice(text.utf8)], headLimit: headLimit, fieldLimit: fieldLimit, bodyLimit: bodyLimit)
    }

    var description: String {
        "\(requests.map { "\($0.method) \($0.path)\($0.isComplete ? "" : "…")" }) \(error.map(String.init) ?? "no error") \(detail ?? "")"
    }

    private mutating func take(from parser: inout RequestParser) {
        do throws(ProtocolError) {
            while let event = try parser.next() {
                precondition(error == nil, "an event came after an error")
                switch event {
                case .head(let head):
                    requests.append(Parsed(
                        method: head.method.rawValue,
                        path: head.path,
                        query: head.query.map { "\($0.name)=\($0.value)" },
                        fields: head.headerFields.map { "\($0.name): \($0.value)" }
                    ))
                case .body(let bytes):
                    precondition(!bytes.isEmpty, "an empty piece of a body")
                    requests[requests.count - 1].body += bytes
                case .end:
                    requests[requests.count - 1].isComplete = true
                }
            }
        } catch {
            precondition(self.error == nil || self.error == error.status.code, "the error changed")
            self.error = error.status.code
            detail = error.detail
        }
    }
}
