import LinearAlgebra
import Testing

@Suite struct StorageTests {
    @Test(arguments: [1 << 12, 1 << 18, 1 << 22])
    func arraysAreZeroAlignedAndApart(chunk: Int) throws {
        let storage = Storage(chunk: chunk)
        var arrays: [(start: UnsafeMutablePointer<UInt32>, count: Int)] = []
        for count in [0, 1, 15, 16, 17, 5000, 600_000] {
            let array = try storage.make(UInt32.self, count: count)
            #expect(UInt(bitPattern: array) % 64 == 0)
            #expect((0..<count).allSatisfy { array[$0] == 0 })
            for k in 0..<count { array[k] = UInt32(count) }
            arrays.append((array, count))
        }
        for (array, count) in arrays {
            #expect((0..<count).allSatisfy { array[$0] == UInt32(count) })
        }
    }

    /// What no machine has is an error, whatever its size overflows, and the storage stays usable.
    @Test(arguments: [Int.max, Int.max / 8, Int.max / 16, 1 << 60, 1 << 50, -1, .min])
    func whatTheSystemDoesNotHaveIsAnError(count: Int) throws {
        let storage = Storage()
        let first = try storage.make(Int.self, count: 3)
        #expect(throws: OutOfMemory.self) { try storage.make(Double.self, count: count) }
        let next = try storage.make(Int.self, count: 3)
        #expect(next == first + 8)
    }

    @Test func mapsThatAreTooLargeAreErrors() {
        let storage = Storage()
        for (inputs, outputs) in [(1 << 40, 1 << 40), (1 << 30, 1 << 28)] {
            for layout in [PackedLinear.Layout.inputMajor, .outputMajor] {
                #expect(throws: OutOfMemory.self) {
                    try PackedLinear(
                        inputs: inputs, outputs: outputs, precision: .float16, layout: layout,
                        in: storage)
                }
            }
        }
    }
}
