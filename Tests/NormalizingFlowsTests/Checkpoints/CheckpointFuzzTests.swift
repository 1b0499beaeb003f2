import Fixtures
import NormalizingFlows
import SeededRandom
import Testing

/// Damaged and hostile files: each is refused in one line, or is a checkpoint that can be read to its
/// end. Nothing crashes, and no checkpoint claims more than the file can account for.
@Suite struct CheckpointFuzzTests {
    private static let torchPickle: [UInt8] = Pickle.program(Pickle.dictionary([
        (Pickle.string("epoch"), Pickle.integer(7)),
        (Pickle.string("model"), Pickle.orderedDict + [0x71, 1, 0x28]
            + Pickle.string("a") + Pickle.tensor(Pickle.storage("FloatStorage", "0", 6), shape: [2, 3], strides: [1, 2])
            + Pickle.string("b") + Pickle.tensor(Pickle.storage("HalfStorage", "1", 4), offset: 1, shape: [3], strides: [1])
            + Pickle.string("c") + Pickle.tensor(Pickle.storage("BFloat16Storage", "1", 4), shape: [], strides: [])
            + [0x75, 0x7d, 0x62]),
    ]))

    private static func torch(_ pickle: [UInt8]) -> [UInt8] {
        TorchFile.archive(pickle, [TorchFile.bytes([1, 2, 3, 4, 5, 6]), [1, 2, 3, 4, 5, 6, 7, 8]]).bytes
    }

    private static let safe = safeTensors(
        #"{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"F16","shape":[3,1],"data_offsets":[24,30]}}"#, buffer: 30)

    /// Opens the bytes and reads all that they promise; says whether they were accepted.
    private func survives(_ bytes: [UInt8], in directory: TemporaryDirectory) -> Bool {
        let path = directory.write(bytes)
        do throws(CheckpointError) {
            let checkpoint = try Checkpoint(contentsOf: path)
            var claimed = 0
            for tensor in checkpoint.tensors {
                claimed += tensor.count * tensor.elementType.size
                #expect(tensor.floats().count == tensor.count)
                #expect(tensor.halves().count == tensor.count)
            }
            #expect(claimed <= 8 * bytes.count)
            try checkpoint.verify()
            return true
        } catch {
            let line = error.description
            if !line.hasPrefix(path + ": ") || line.contains(where: \.isNewline) || line.utf8.count > 600 { Issue.record("\(line)") }
            return false
        }
    }

    @Test func theFilesAreRightToBeginWith() {
        let directory = TemporaryDirectory()
        #expect(survives(Self.torch(Self.torchPickle), in: directory))
        #expect(survives(Self.safe, in: directory))
    }

    @Test func everyTruncationIsRefused() {
        let directory = TemporaryDirectory()
        for file in [Self.torch(Self.torchPickle), Self.safe] {
            for count in 0..<file.count {
                if survives(Array(file[..<count]), in: directory) { Issue.record("\(count) of \(file.count) bytes were accepted") }
            }
        }
    }

    @Test func everyFlippedBitIsSurvived() {
        let directory = TemporaryDirectory()
        var accepted = 0
        for file in [Self.torch(Self.torchPickle), Self.safe] {
            for place in 0..<8 * file.count {
                var bytes = file
                bytes[place / 8] ^= 1 << (place % 8)
                if survives(bytes, in: directory) { accepted += 1 }
            }
        }
        #expect(accepted > 0)  // dates, attributes, padding and numbers
    }

    /// Sizes, offsets, counts and checksums, wherever they stand: each place of the file that can be a
    /// field takes every extreme value, and the neighbours of its own.
    @Test(arguments: [2, 4, 8])
    func extremeFieldsAreSurvived(width: Int) {
        let directory = TemporaryDirectory()
        let mask = width == 8 ? UInt64.max : 1 << (8 * UInt64(width)) - 1
        for file in [Self.torch(Self.torchPickle), Self.safe] {
            for place in 0...(file.count - width) {
                let own = (0..<width).reduce(UInt64(0)) { $0 | UInt64(file[place + $1]) << (8 * UInt64($1)) }
                // Padding, in which nothing stands.
                if own == 0x5a5a_5a5a_5a5a_5a5a & mask { continue }
                for value in [0, own &- 1, own &+ 1, mask >> 1, mask >> 1 + 1, mask - 1, mask] as [UInt64] {
                    var bytes = file
                    for k in 0..<width { bytes[place + k] = UInt8(truncatingIfNeeded: value >> (8 * UInt64(k))) }
                    _ = survives(bytes, in: directory)
                }
            }
        }
    }

    /// The same for the fields of a pickle, whose checksum is made anew.
    @Test(arguments: [1, 2, 4, 8])
    func extremeFieldsOfPicklesAreSurvived(width: Int) {
        let directory = TemporaryDirectory()
        let pickle = Self.torchPickle
        for place in 0...(pickle.count - width) {
            for value in [0, 1, 0x7f, 0x80, 0xff] as [UInt8] {
                // Little-endian extremes: the highest byte decides the sign.
                var bytes = pickle
                for k in 0..<width { bytes[place + k] = k == width - 1 ? value : value == 0 || value == 1 ? 0 : 0xff }
                _ = survives(Self.torch(bytes), in: directory)
            }
        }
    }

    /// Every number of a safetensors header in every spelling of an extreme.
    @Test func extremeNumbersInHeadersAreSurvived() {
        let directory = TemporaryDirectory()
        let spellings = [
            "0", "1", "23", "25", "-1", "1.5", "1e2", "1e400", "00", "", "null", "[]", "{}", "\"6\"", "2147483648", "4294967296",
            "4611686018427387904", "9223372036854775807", "9223372036854775808", "18446744073709551615", "18446744073709551616",
            String(repeating: "9", count: 400), String(repeating: "[", count: 100_000),
        ]
        let fields = ["2", "3", "0", "24", "3", "1", "24", "30"]
        for place in fields.indices {
            for spelling in spellings {
                var numbers = fields
                numbers[place] = spelling
                let header = #"{"a":{"dtype":"F32","shape":[\#(numbers[0]),\#(numbers[1])],"data_offsets":[\#(numbers[2]),\#(numbers[3])]},"#
                    + #""b":{"dtype":"F16","shape":[\#(numbers[4]),\#(numbers[5])],"data_offsets":[\#(numbers[6]),\#(numbers[7])]}}"#
                let isAccepted = survives(safeTensors(header, buffer: 30), in: directory)
                #expect(isAccepted == (spelling == fields[place]), "\(spelling.prefix(30)) as number \(place)")
            }
        }
    }

    @Test func flippedBytesNeverCrash() {
        let directory = TemporaryDirectory()
        var generator = SplitMix64(seed: 11)
        var accepted = 0
        for file in [Self.torch(Self.torchPickle), Self.safe] {
            for _ in 0..<5_000 {
                if survives(damaged(file, using: &generator), in: directory) { accepted += 1 }
            }
        }
        #expect(accepted > 0)  // numbers and padding may change in a safetensors file
    }

    /// The checksum would stop these at the door: it is made anew for each.
    @Test func flippedPicklesNeverCrash() {
        let directory = TemporaryDirectory()
        var generator = SplitMix64(seed: 12)
        var accepted = 0
        for _ in 0..<10_000 {
            if survives(Self.torch(damaged(Self.torchPickle, using: &generator)), in: directory) { accepted += 1 }
        }
        #expect(accepted > 0)
    }

    /// Pieces that are right by themselves, around and instead of those of a right program.
    @Test func randomProgramsNeverCrash() {
        let directory = TemporaryDirectory()
        var generator = SplitMix64(seed: 13)
        let pieces: [[UInt8]] = [
            [0x28], [0x4e], [0x88], [0x29], [0x74], [0x85], [0x86], [0x87], [0x5d], [0x61], [0x65], [0x7d], [0x73], [0x75],
            [0x71, 0], [0x68, 0], [0x71, 1], [0x68, 1], [0x52], [0x62], [0x51], Pickle.integer(0), Pickle.integer(3), Pickle.integer(-1),
            Pickle.integer(.max), Pickle.string("a"), Pickle.string("storage"), Pickle.string("0"), Pickle.orderedDict, Pickle.rebuildTensor,
            Pickle.global("torch", "FloatStorage"), Pickle.storage("FloatStorage", "0", 6), Pickle.tuple([2, 3]), Pickle.tuple([1, 2]),
            Pickle.tensor(Pickle.storage("FloatStorage", "0", 6), shape: [6], strides: [1]),
        ]
        let right: [[UInt8]] = [[0x7d], Pickle.string("x"), pieces[pieces.count - 1], [0x73]]
        var accepted = 0
        for _ in 0..<10_000 {
            var program = right
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let place = Int.random(in: program.indices, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: program[place] = pieces.randomElement(using: &generator)!
                case 1 where program.count > 1: program.remove(at: place)
                default: program.insert(pieces.randomElement(using: &generator)!, at: place)
                }
            }
            if survives(Self.torch([0x80, 2] + program.joined() + [0x2e]), in: directory) { accepted += 1 }
        }
        #expect(accepted > 0)
    }

    /// One to eight bytes changed: at random, to extremes, by one bit, or moved.
    private func damaged(_ file: [UInt8], using generator: inout SplitMix64) -> [UInt8] {
        var bytes = file
        for _ in 0..<Int.random(in: 1...8, using: &generator) {
            let place = Int.random(in: bytes.indices, using: &generator)
            switch Int.random(in: 0..<5, using: &generator) {
            case 0: bytes[place] = .random(in: 0...255, using: &generator)
            case 1: bytes[place] = [0, 0x7f, 0x80, 0xff].randomElement(using: &generator)!
            case 2: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 3: bytes.insert(bytes[Int.random(in: bytes.indices, using: &generator)], at: place)
            default: if bytes.count > 1 { bytes.remove(at: place) }
            }
        }
        return bytes
    }
}
