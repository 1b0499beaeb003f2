import Glibc
import Riviera
import Streams
import Synchronization
import Testing

@Suite struct LogWriterTests {
    private final class Drops: Sendable {
        let count = Atomic(0)
        func add(_ lines: Int) { count.add(lines, ordering: .relaxed) }
    }

    private func pipe() throws -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [-1, -1]
        try #require(Glibc.pipe(&ends) == 0)
        return (ends[0], ends[1])
    }

    private func writer(to descriptor: Int32, capacity: Int = 1 << 20, _ drops: Drops) throws -> LogWriter {
        try LogWriter(to: descriptor, capacity: capacity) { drops.add($0) } report: { Array("dropped \($0)\n".utf8) }
    }

    private func line(_ number: Int) -> [UInt8] { Array("line \(number)\n".utf8) }

    @Test func linesComeOutInOrder() throws {
        let (reading, writing) = try pipe(), drops = Drops()
        let writer = try writer(to: writing, drops)
        for number in 0..<100 { writer.write(line(number)) }
        writer.flush(within: .seconds(60))
        close(writing)
        #expect(try readAll(from: reading, name: "pipe") == (0..<100).flatMap(line))
        #expect(drops.count.load(ordering: .relaxed) == 0)
        close(reading)
    }

    /// Whoever logs goes on; what is lost is counted, and said when the pipe is read again.
    @Test func aFullPipeHoldsNobodyUp() throws {
        let (reading, writing) = try pipe(), drops = Drops()
        let writer = try writer(to: writing, capacity: 4096, drops)
        let long = Array(repeating: UInt8(ascii: "x"), count: 1023) + [UInt8(ascii: "\n")]
        // A pipe holds 64 KiB and the queue 4, beside what the thread has taken.
        for _ in 0..<1000 { writer.write(long) }
        let dropped = drops.count.load(ordering: .relaxed)
        #expect(dropped > 800)
        writer.flush(within: .zero)

        // Until every line has come or been reported.
        var text: [UInt8] = [], chunk = [UInt8](repeating: 0, count: 65536), lines = 0, reported = 0
        while lines + reported < 1000 {
            let count = chunk.withUnsafeMutableBytes { read(reading, $0.baseAddress, $0.count) }
            try #require(count > 0)
            text += chunk[..<count]
            let whole = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
            lines = whole.count { $0.count == 1023 }
            reported = whole.filter { $0.starts(with: "dropped ".utf8) }.reduce(0) {
                $0 + (Int(String(decoding: $1.dropFirst(8), as: UTF8.self)) ?? 0)
            }
        }
        #expect(reported == dropped && lines == 1000 - dropped)
        writer.flush(within: .seconds(60))
        for end in [reading, writing] { close(end) }
    }

    @Test func aClosedPipeCostsLinesAndNothingElse() throws {
        signal(SIGPIPE, SIG_IGN)
        let (reading, writing) = try pipe(), drops = Drops()
        close(reading)
        let writer = try writer(to: writing, drops)
        for number in 0..<10 { writer.write(line(number)) }
        writer.flush(within: .seconds(60))
        #expect(drops.count.load(ordering: .relaxed) == 10)
        close(writing)
    }

    @Test func aLineLongerThanTheQueueIsDropped() throws {
        let (reading, writing) = try pipe(), drops = Drops()
        let writer = try writer(to: writing, capacity: 100, drops)
        writer.write(Array(repeating: 1, count: 101))
        writer.write(line(1))
        writer.flush(within: .seconds(60))
        close(writing)
        #expect(try readAll(from: reading, name: "pipe") == line(1) + Array("dropped 1\n".utf8))
        #expect(drops.count.load(ordering: .relaxed) == 1)
        close(reading)
    }
}
