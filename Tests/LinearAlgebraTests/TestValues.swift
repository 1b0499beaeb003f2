import SeededRandom

/// Uniform on [−1, 1), a function of `stream`; two of three are 0 when `sparse`.
func testValues(_ count: Int, stream: UInt64, sparse: Bool = false) -> [Float] {
    var generator = SplitMix64(seed: stream)
    let values = generator.singles(count)
    guard sparse else { return values }
    return values.map { generator.next() % 3 == 0 ? $0 : 0 }
}

/// Uniform on [−1, 1), a function of `stream`.
func doubles(_ count: Int, stream: UInt64) -> [Double] {
    var generator = SplitMix64(seed: stream)
    return generator.doubles(count)
}
