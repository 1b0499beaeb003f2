import CKernels
import Testing

/// Every instruction set gives the plain reference's bits, and the reference
/// gives the sums that its header states.
@Suite struct ChannelTests {
    static let positions = [0, 1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 31, 33, 49, 64, 67, 196]

    @Test(arguments: availableInstructionSets, positions)
    func mixing(set: ck_instruction_set, positions: Int) {
        for (outputs, inputs) in [(1, 1), (4, 4), (5, 3), (3, 7), (16, 16), (9, 0), (18, 33)] {
            let a = doubles(outputs * inputs, stream: 1), bias = doubles(outputs, stream: 2)
            let x = doubles(inputs * positions, stream: 3)
            for bias in [bias, nil] {
                // One more number than is written shows a write past the end.
                var plain = [Double](repeating: 7, count: outputs * positions + 1), fast = plain
                ck_mix_channels(CK_PLAIN, a, outputs, inputs, bias, x, &plain, positions)
                ck_mix_channels(set, a, outputs, inputs, bias, x, &fast, positions)
                #expect(plain.map(\.bitPattern) == fast.map(\.bitPattern))
                #expect(plain.last == 7)
            }
        }
    }

    @Test(arguments: availableInstructionSets, positions)
    func correlating(set: ck_instruction_set, positions: Int) {
        for (rows, columns) in [(1, 1), (4, 4), (5, 3), (3, 7), (16, 16), (11, 13)] {
            let g = doubles(rows * positions, stream: 4), x = doubles(columns * positions, stream: 5)
            var plain = doubles(rows * columns + 1, stream: 6), fast = plain
            ck_correlate_channels(CK_PLAIN, g, rows, x, columns, positions, &plain)
            ck_correlate_channels(set, g, rows, x, columns, positions, &fast)
            #expect(plain.map(\.bitPattern) == fast.map(\.bitPattern))
            #expect(plain.last == doubles(rows * columns + 1, stream: 6).last)
        }
    }

    @Test(arguments: availableInstructionSets, positions)
    func substituting(set: ck_instruction_set, positions: Int) {
        for channels in [1, 2, 3, 5, 8, 17] {
            let t = doubles(channels * channels, stream: 7)
            let s = doubles(channels, stream: 8).map { $0 < 0 ? $0 - 0.5 : 1 }
            let v = doubles(channels * positions + 1, stream: 9)
            var plain = v, fast = v
            ck_solve_unit_lower(CK_PLAIN, t, channels, &plain, positions)
            ck_solve_unit_lower(set, t, channels, &fast, positions)
            #expect(plain.map(\.bitPattern) == fast.map(\.bitPattern))
            ck_solve_upper(CK_PLAIN, t, s, channels, &plain, positions)
            ck_solve_upper(set, t, s, channels, &fast, positions)
            #expect(plain.map(\.bitPattern) == fast.map(\.bitPattern))
            #expect(plain.last == v.last)
        }
    }

    @Test(arguments: availableInstructionSets, positions)
    func planeProducts(set: ck_instruction_set, positions n: Int) {
        let a = doubles(n, stream: 10), b = doubles(n, stream: 11), y = doubles(n + 1, stream: 12)
        for kernel in [ck_add_products, ck_subtract_products] {
            var plain = y, fast = y
            kernel(CK_PLAIN, a, b, &plain, n)
            kernel(set, a, b, &fast, n)
            #expect(plain.map(\.bitPattern) == fast.map(\.bitPattern))
            #expect(plain.last == y.last)
        }
    }

    /// The signs of zeros and what is not finite go the same way on every instruction set.
    @Test(arguments: availableInstructionSets) func specialValues(set: ck_instruction_set) {
        let special = [0, -0.0, 1e-200, -1e-200, 1e200, .infinity, -.infinity, .nan, 1, -1]
        let n = 10
        let x = (0..<3 * n).map { special[($0 * 7 + $0 / n) % n] }
        let a = (0..<9).map { special[($0 * 3 + 1) % n] }
        var plain = [Double](repeating: 0, count: 3 * n), fast = plain
        ck_mix_channels(CK_PLAIN, a, 3, 3, nil, x, &plain, n)
        ck_mix_channels(set, a, 3, 3, nil, x, &fast, n)
        for (p, f) in zip(plain, fast) {
            #expect(p.isNaN ? f.isNaN : p.bitPattern == f.bitPattern)
        }
        var plainSum = [Double](repeating: -0.0, count: 9), fastSum = plainSum
        ck_correlate_channels(CK_PLAIN, x, 3, x, 3, n, &plainSum)
        ck_correlate_channels(set, x, 3, x, 3, n, &fastSum)
        for (p, f) in zip(plainSum, fastSum) {
            #expect(p.isNaN ? f.isNaN : p.bitPattern == f.bitPattern)
        }
    }

    @Test func sumsRunInTheOrderThatTheHeaderStates() {
        let positions = 21, x = doubles(2 * positions, stream: 13), g = doubles(positions, stream: 14)
        let a = doubles(2, stream: 15)
        var y = [Double](repeating: 0, count: positions)
        ck_mix_channels(ck_selected(), a, 1, 2, [0.25], x, &y, positions)
        for p in 0..<positions {
            let expected = 0.25.addingProduct(a[0], x[p]).addingProduct(a[1], x[positions + p])
            #expect(y[p].bitPattern == expected.bitPattern)
        }
        var lane = [Double](repeating: 0, count: 8), sum = [1.5]
        for p in 0..<positions { lane[p % 8] = lane[p % 8].addingProduct(g[p], x[p]) }
        let four = (0..<4).map { lane[$0] + lane[$0 + 4] }
        let folded = (four[0] + four[2]) + (four[1] + four[3])
        ck_correlate_channels(ck_selected(), g, 1, x, 1, positions, &sum)
        #expect(sum[0].bitPattern == (1.5 + folded).bitPattern)
    }
}
