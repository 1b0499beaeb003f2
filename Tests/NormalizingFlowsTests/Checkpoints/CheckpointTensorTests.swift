import Fixtures
import NormalizingFlows
import SeededRandom
import Testing

/// Through PyTorch files, whose tensors may be any view of their storage.
@Suite struct CheckpointTensorTests {
    private func tensor(
        offset: Int = 0, shape: [Int], strides: [Int], type: String = "FloatStorage", storage: [UInt8]? = nil, count: Int = 12
    ) throws(CheckpointError) -> CheckpointTensor {
        let storage = storage ?? TorchFile.bytes((0..<count).map(Float.init))
        let pickle = Pickle.tensor(Pickle.storage(type, "0", count), offset: offset, shape: shape, strides: strides)
        return try open(TorchFile.oneTensor(pickle, storage: storage)).tensors[0]
    }

    private func reason(offset: Int = 0, shape: [Int], strides: [Int]) -> String? {
        do throws(CheckpointError) {
            _ = try tensor(offset: offset, shape: shape, strides: strides)
            return nil
        } catch {
            return error.reason
        }
    }

    @Test func elementsComeInRowMajorOrderWhateverTheStrides() throws {
        #expect(try tensor(shape: [3, 4], strides: [4, 1]).floats() == (0..<12).map(Float.init))
        #expect(try tensor(shape: [4, 3], strides: [1, 4]).floats() == [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11])
        #expect(try tensor(offset: 4, shape: [2, 2], strides: [4, 2]).floats() == [4, 6, 8, 10])
        #expect(try tensor(offset: 1, shape: [2, 3, 2], strides: [0, 2, 5]).floats() == [1, 6, 3, 8, 5, 10, 1, 6, 3, 8, 5, 10])
        #expect(try tensor(offset: 5, shape: [], strides: []).floats() == [5])
        #expect(try tensor(shape: [3, 0], strides: [1, 1]).floats() == [])
        #expect(try tensor(offset: 12, shape: [0], strides: [1]).halves() == [])
    }

    /// Every view of every small shape against the definition: offset + Σ index · stride.
    @Test func viewsAreReadIfAndOnlyIfTheyLieInTheirStorage() {
        var generator = SplitMix64(seed: 3)
        var accepted = 0
        for _ in 0..<1000 {
            let shape = (0..<Int.random(in: 0...3, using: &generator)).map { _ in Int.random(in: 0...4, using: &generator) }
            let strides = shape.map { _ in Int.random(in: 0...5, using: &generator) }
            let offset = Int.random(in: 0...14, using: &generator)
            var places = [offset]
            for (size, stride) in zip(shape, strides) {
                places = places.flatMap { place in (0..<size).map { place + $0 * stride } }
            }
            let view = try? tensor(offset: offset, shape: shape, strides: strides)
            #expect((view != nil) == (places.count <= 12 && offset <= 12 && places.allSatisfy { $0 < 12 }))
            guard let view else { continue }
            accepted += 1
            #expect(view.count == places.count)
            #expect(view.floats() == places.map(Float.init))
            #expect(view.halves() == places.map { Float($0).binary16 })
        }
        #expect(accepted > 200)
    }

    @Test func overflowingSizesAreRefused() {
        let outside = "reach outside the 12 elements of its storage"
        #expect(reason(shape: [1 << 32, 1 << 32], strides: [1, 1])?.contains("holds more than the 12 elements") == true)
        #expect(reason(shape: [.max, 2], strides: [0, 0])?.contains("holds more than the 12 elements") == true)
        #expect(reason(shape: [3], strides: [.max])?.hasSuffix(outside) == true)
        #expect(reason(shape: [2, 2], strides: [.max, .max])?.hasSuffix(outside) == true)
        #expect(reason(offset: .max, shape: [2], strides: [1])?.hasSuffix(outside) == true)
        #expect(reason(offset: .max, shape: [0], strides: [1])?.hasSuffix(outside) == true)
        #expect(reason(shape: [0, 1 << 62, 1 << 62], strides: [1, 1, 1]) == nil)
    }

    @Test func negativeSizesStridesAndOffsetsAreRefused() {
        #expect(reason(shape: [-1], strides: [1]) == "a negative size, stride or offset")
        #expect(reason(offset: 11, shape: [2], strides: [-1]) == "a negative size, stride or offset")
        #expect(reason(offset: -1, shape: [1], strides: [1]) == "a negative size, stride or offset")
        #expect(reason(shape: [2, 2], strides: [1]) == "2 dimensions, but 1 strides")
    }

    /// Four bytes that claim to be gigabytes.
    @Test func anExpandedTensorIsRefused() {
        #expect(reason(shape: [1_000_000_000], strides: [0]) == "the shape [1000000000] holds more than the 12 elements of its storage")
    }

    @Test func allElementTypesAreRead() throws {
        let values: [Float] = [1, -2.5, 0x1p-24, 65504]
        let halves = try tensor(shape: [4], strides: [1], type: "HalfStorage", storage: values.flatMap { little($0.binary16) }, count: 4)
        #expect(halves.elementType == .float16)
        #expect(halves.floats() == values)
        #expect(halves.halves() == values.map(\.binary16))
        let coarse = try tensor(shape: [2, 2], strides: [1, 2], type: "BFloat16Storage", storage: [1, -2.5, 3, 512].flatMap { little(UInt16(Float($0).bitPattern >> 16)) }, count: 4)
        #expect(coarse.elementType == .bfloat16)
        #expect(coarse.floats() == [1, 3, -2.5, 512])
        #expect(coarse.halves() == [1, 3, -2.5, 512].map { Float($0).binary16 })
    }

    @Test func rowsAreTheMatrixesRows() throws {
        for (shape, strides) in [([3, 4], [4, 1]), ([4, 3], [1, 4]), ([2, 2], [8, 2]), ([3, 1], [4, 7]), ([1, 12], [1, 1]), ([2, 0], [1, 1])] {
            let matrix = try tensor(shape: shape, strides: strides)
            let rows = (0..<shape[0]).flatMap { row in
                matrix.withRow(row) { bytes in (0..<shape[1]).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) } }
            }
            #expect(rows == matrix.floats())
        }
    }

    @Test func aContiguousRowIsNotCopied() throws {
        let matrix = try tensor(shape: [3, 4], strides: [4, 1])
        let starts = (0..<3).map { row in matrix.withRow(row) { UInt(bitPattern: $0.baseAddress) } }
        #expect(starts[1] - starts[0] == 16 && starts[2] - starts[1] == 16)
        #expect(matrix.isContiguous)
        #expect(try !tensor(shape: [4, 3], strides: [1, 4]).isContiguous)
        #expect(try tensor(shape: [1, 4], strides: [99, 1]).isContiguous)
    }
}
