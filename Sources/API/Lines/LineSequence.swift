import HTTP
import HTTPTypes

/// The lines of a body that arrives in pieces, without their ends; empty lines are left out.
struct LineSequence: AsyncSequence {
    struct Line: Sendable {
        /// Counted from 1, empty ones included.
        let number: Int
        let bytes: [UInt8]
    }

    typealias Element = Line
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
        private var number = 0

        init(chunks: RequestBody.Iterator, longest: Int) {
            self.chunks = chunks
            self.longest = longest
        }

        /// - Throws: `Problem` 413 where a line is too long.
        mutating func next() async throws -> Line? {
            while true {
                if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                    let line = trimmed(buffer[start..<end])
                    (start, searched) = (end + 1, end + 1)
                    number += 1
                    guard line.count <= longest else { throw tooLong }
                    if !line.isEmpty { return Line(number: number, bytes: line) }
                    continue
                }
                buffer.removeFirst(start)
                (start, searched) = (0, buffer.count)
                guard buffer.count <= longest else { throw tooLong }
                if isAtEnd { return nil }
                if let chunk = try await chunks.next() {
                    buffer.append(contentsOf: chunk)
                } else {
                    isAtEnd = true
                    let line = trimmed(buffer[...])
                    buffer = []
                    searched = 0
                    number += 1
                    if !line.isEmpty { return Line(number: number, bytes: line) }
                }
            }
        }

        private var tooLong: Problem {
            Problem(
                .contentTooLarge,
                "A line is longer than \(longest) bytes. The lines after it were not read.")
        }

        private func trimmed(_ line: ArraySlice<UInt8>) -> [UInt8] {
            Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
        }
    }
}
