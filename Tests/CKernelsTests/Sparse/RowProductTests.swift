import CKernels
import Testing

/// Every instruction set gives the plain reference's bits.
@Suite struct RowProductTests {

    @Test(arguments: availableInstructionSets, [0, 1, 2, 3, 4, 5, 8, 13, 40])
    func productsOfSparseVectors(set: ck_instruction_set, count: Int) {
        for groups: [UInt32] in [[], [0], [1, 2], [0, 3, 4, 13], Array(0..<32)] {
            let rows = 50, n = 32 * (Int(groups.last ?? 0) + 1)
            let single = singles(rows * n, stream: 10)
            var half = [UInt16](repeating: 0, count: rows * n)
            ck_half_from_float(CK_PLAIN, single, &half, rows * n)
            let index = (0..<count).map { UInt32($0 * 7 % rows) }
            let x = singles(count, stream: 11), g = singles(n, stream: 12)

            for isHalf in [false, true] {
                var plain = singles(n, stream: 13), fast = plain
                var plainDots = [Float](repeating: 0, count: count), fastDots = plainDots
                if isHalf {
                    ck_axpy_rows_f16(CK_PLAIN, half, n, index, x, count, &plain, groups, groups.count)
                    ck_axpy_rows_f16(set, half, n, index, x, count, &fast, groups, groups.count)
                    ck_dot_rows_f16(CK_PLAIN, half, n, index, count, g, &plainDots, groups, groups.count)
                    ck_dot_rows_f16(set, half, n, index, count, g, &fastDots, groups, groups.count)
                } else {
                    ck_axpy_rows_f32(CK_PLAIN, single, n, index, x, count, &plain, groups, groups.count)
                    ck_axpy_rows_f32(set, single, n, index, x, count, &fast, groups, groups.count)
                    ck_dot_rows_f32(CK_PLAIN, single, n, index, count, g, &plainDots, groups, groups.count)
                    ck_dot_rows_f32(set, single, n, index, count, g, &fastDots, groups, groups.count)
                }
                #expect(plain.map(\.bitPattern) == fast.map(\.bitPattern))
                #expect(plainDots.map(\.bitPattern) == fastDots.map(\.bitPattern))
            }
        }
    }

    @Test(arguments: availableInstructionSets, [0, 1, 7, 8, 31, 70])
    func sumsOfSquares(set: ck_instruction_set, n: Int) {
        let x = singles(n, stream: 19)
        var half = [UInt16](repeating: 0, count: n)
        ck_half_from_float(CK_PLAIN, x, &half, n)
        var plain = singles(n, stream: 20), fast = plain
        ck_add_squares_f32(CK_PLAIN, x, &plain, n)
        ck_add_squares_f32(set, x, &fast, n)
        ck_add_squares_f16(CK_PLAIN, half, &plain, n)
        ck_add_squares_f16(set, half, &fast, n)
        #expect(plain.map(\.bitPattern) == fast.map(\.bitPattern))
    }

    /// Columns of groups that are not listed are neither read nor written.
    @Test(arguments: availableInstructionSets)
    func groupsThatAreNotListedAreLeftAlone(set: ck_instruction_set) {
        let listed: [UInt32] = [1, 3]
        let weights = (0..<5 * 32).map { listed.contains(UInt32($0 / 32)) ? Float(1) : .nan }
        let g = weights
        var sums = [Float](repeating: 7, count: weights.count), dot: Float = 0
        ck_axpy_rows_f32(set, weights, 0, [0], [2], 1, &sums, listed, listed.count)
        ck_dot_rows_f32(set, weights, 0, [0], 1, g, &dot, listed, listed.count)
        #expect(sums == weights.map { $0.isNaN ? 7 : 9 })
        #expect(dot == 64)
    }

    /// All 65,536 halves there and back, and singles between, at and around them.
    @Test(arguments: availableInstructionSets)
    func halfConversions(set: ck_instruction_set) {
        let halves = (0...UInt16.max).map { $0 }
        var singles = [Float](repeating: 0, count: halves.count)
        ck_float_from_half(set, halves, &singles, halves.count)
        for (half, single) in zip(halves, singles) {
            let expected = Float(Float16(bitPattern: half))
            #expect(single.isNaN ? expected.isNaN : single.bitPattern == expected.bitPattern)
        }
        let near = singles.filter(\.isFinite).flatMap { value in
            [value, value.nextUp, value.nextDown, value * 1.0004883, value * 1.0002441]
        } + [65519.996, 65520, 1e30, .infinity, 1e-8, 2.9802322e-8, 2.9802326e-8]
        var rounded = [UInt16](repeating: 0, count: near.count)
        ck_half_from_float(set, near, &rounded, near.count)
        for (single, half) in zip(near, rounded) {
            #expect(half == Float16(single).bitPattern)
        }
    }
}
