import LinearAlgebra
import Testing

@Suite struct StorageTests {
    @Test(arguments: [1 << 12, 1 << 18, 1 << 22])
    func arraysAreZeroAlignedAndApart(chunk: Int) {
        let storage = Storage(chunk: chunk)
        var arrays: [(start: UnsafeMutablePointer<UInt32>, count: Int)] = []
        for count in [0, 1, 15, 16, 17, 5000, 600_000] {
            let array = storage.make(UInt32.self, count: count)
            #expect(UInt(bitPattern: array) % 64 == 0)
            #expect((0..<count).allSatisfy { array[$0] == 0 })
            for k in 0..<count { array[k] = UInt32(count) }
            arrays.append((array, count))
        }
        for (array, count) in arrays {
            #expect((0..<count).allSatisfy { array[$0] == UInt32(count) })
        }
    }
}
