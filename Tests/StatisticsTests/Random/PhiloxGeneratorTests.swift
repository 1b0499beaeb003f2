import Statistics
import Testing

@Suite struct PhiloxGeneratorTests {
    private let philox = Philox(seed: 9, stream: 2)

    @Test func numbersAreTheHalvesOfTheBlocks() {
        var generator = PhiloxGenerator(philox)
        for block in 0..<5 {
            let words = philox.block(at: UInt64(block))
            #expect(generator.next() == UInt64(words.x) | UInt64(words.y) << 32)
            #expect(generator.next() == UInt64(words.z) | UInt64(words.w) << 32)
        }
        #expect(generator.position == 10)
    }

    @Test func aGeneratorStartsAnywhere() {
        var generator = PhiloxGenerator(philox)
        let numbers = (0..<20).map { _ in generator.next() }
        for start in 0..<19 {
            var later = PhiloxGenerator(philox, at: UInt64(start))
            #expect(later.next() == numbers[start])
            #expect(later.next() == numbers[start + 1])
        }
    }

    @Test func aCopyContinuesAlike() {
        var first = PhiloxGenerator(philox)
        _ = first.next()
        var second = first
        #expect((0..<5).map { _ in first.next() } == (0..<5).map { _ in second.next() })
    }

    @Test func bulkWordsAreTheBlocks() {
        let words = [UInt32](unsafeUninitializedCapacity: 36) { buffer, count in
            philox.fill(.init(rebasing: buffer[..<36]), fromBlock: 4)
            count = 36
        }
        for block in 0..<9 {
            #expect(SIMD4(words[4 * block..<4 * block + 4]) == philox.block(at: UInt64(4 + block)))
        }
    }
}
