import HTTP
import HTTPTypes

/// The lines of a body that arrives in pieces, without their ends; empty lines are left out.
struct LineSequence: AsyncSequence {
    typealias Element = [UInt8]
    private let body: RequestBody
    private let longest: Int

    /// - Parameter longest: bytes of the longest line that is taken.
    init(_ body: RequestBody, longest: Int) {
        self.body = body
        self.longest = longest
    }

    func makeAsyncIterator() -> Iterator {
        Iterator(chunks: body.makeAsyncIterator(), longest: longest)
    }

    struct Iterator: AsyncIteratorProtocol {
        var chunks: RequestBody.Iterator
        let longest: Int
        private var buffer: [UInt8] = []
        private var start = 0
        private var searched = 0
        private var isAtEnd = false

        init(chunks: RequestBody.Iterator, longest: Int) {
            self.chunks = chunks
            self.longest = longest
        }

        /// - Throws: `Problem` 413 where a line is too long.
        mutating func next() async throws -> [UInt8]? {
            while true {
                if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                    let line = trimmed(buffer[start..<end])
                    (start, searched) = (end + 1, end + 1)
                    if !line.isEmpty { return line }
                    continue
                }
                buffer.removeFirst(start)
                (start, searched) = (0, buffer.count)
                guard buffer.count <= longest else {
                    throw Problem(.contentTooLarge, "A line is longer than \(longest) bytes.")
                }
                if isAtEnd { return nil }
                if let chunk = try await chunks.next() {
                    buffer.append(contentsOf: chunk)
                } else {
                    isAtEnd = true
                    let line = trimmed(buffer[...])
                    buffer = []
                    searched = 0
                    if !line.isEmpty { return line }
                }
            }
        }

        private func trimmed(_ line: ArraySlice<UInt8>) -> [UInt8] {
            Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
        }
    }
}
