import SeededRandom
import Testing
import Zlib

@Suite struct DeflaterTests {
    /// Bytes of which some repeat and some do not.
    static func bytes(_ count: Int, seed: UInt64) -> [UInt8] {
        var random = SplitMix64(seed: seed)
        return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next() % (random.next() & 1 == 0 ? 4 : 256)) }
    }

    @Test(arguments: [0, 1, 2, 255, 256, 257, 70_000, 300_000])
    func inflatingUndoesDeflating(count: Int) throws {
        let bytes = Self.bytes(count, seed: UInt64(count))
        var deflater = try Deflater(), coded: [UInt8] = []
        deflater.finish(bytes[...], into: &coded)
        let (inflated, state) = try inflated(coded, .gzip, room: 1000)
        #expect(inflated == bytes && state == .ended)
    }

    /// What has been flushed is there for a reader, whatever comes after it.
    @Test func aFlushLeavesNothingBehind() throws {
        var random = SplitMix64(seed: 3), deflater = try Deflater(), coded: [UInt8] = [], all: [UInt8] = []
        for turn in 0..<200 {
            let piece = Self.bytes(Int(random.next() % 3000), seed: UInt64(turn))
            deflater.flush(piece[...], into: &coded)
            all += piece
            #expect(try inflated(coded, .gzip, room: 1 << 20).bytes == all)
        }
        deflater.finish(into: &coded)
        #expect(try inflated(coded, .gzip, room: 64).state == .ended)
    }

    @Test func theSameInputGivesTheSameBytesWithoutATime() throws {
        let bytes = Self.bytes(10_000, seed: 1)
        let coded = try (0..<2).map { _ in
            var deflater = try Deflater(), coded: [UInt8] = []
            deflater.flush(bytes[..<5000], into: &coded)
            deflater.finish(bytes[5000...], into: &coded)
            return coded
        }
        #expect(coded[0] == coded[1])
        // RFC 1952 section 2.3: magic, deflate, no flags, no time.
        #expect(coded[0].prefix(8) == [0x1f, 0x8b, 8, 0, 0, 0, 0, 0])
    }
}

/// All that comes of some bytes, with so much room at a time, and how it ended.
func inflated(_ bytes: [UInt8], _ format: Inflater.Format, room: Int) throws -> (bytes: [UInt8], state: Inflater.State)
{
    var inflater = try Inflater(format), rest = bytes[...], all: [UInt8] = []
    var output = [UInt8](repeating: 0, count: room)
    while true {
        let step = rest.withUnsafeBytes { input in
            output.withUnsafeMutableBytes { inflater.inflate(input, into: $0) }
        }
        rest = rest.dropFirst(step.consumed)
        all += output[..<step.produced]
        guard step.state == .open, step.consumed + step.produced > 0 else { return (all, step.state) }
    }
}
