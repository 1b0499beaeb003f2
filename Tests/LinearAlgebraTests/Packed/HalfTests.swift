import LinearAlgebra
import Testing

@Suite struct HalfTests {
    /// Every binary16 that is no number is found, wherever it stands, and the first of two.
    @Test func whatIsNotFiniteIsFound() {
        for bits in UInt16.min...UInt16.max {
            let isFinite = Float16(bitPattern: bits).isFinite
            #expect([bits].withUnsafeBufferPointer { Half.firstNotFinite(in: $0) } == (isFinite ? nil : 0))
        }
        var halves = [UInt16](repeating: 0xfbff, count: 10_000)
        #expect(halves.withUnsafeBufferPointer { Half.firstNotFinite(in: $0) } == nil)
        for place in [9999, 9998, 8192, 8191, 4097, 4096, 4095, 1, 0] {
            halves[place] = place % 2 == 0 ? 0x7c00 : 0xfe01
            #expect(halves.withUnsafeBufferPointer { Half.firstNotFinite(in: $0) } == place)
        }
    }
}
