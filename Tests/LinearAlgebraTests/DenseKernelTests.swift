import CKernels
import Testing

/// Every path that this machine can run gives the plain reference's bits.
@Suite struct DenseKernelTests {
    static let paths = [CK_AVX2, CK_AVX512, CK_NEON].filter { ck_available($0) }

    @Test(arguments: paths.map(\.rawValue), [0, 1, 2, 3, 4, 5, 8, 13, 40])
    func productsOfSparseVectors(path: UInt32, count: Int) {
        let path = ck_path(path)
        for n in [64, 128, 448, 1024] {
            let rows = 50
            let single = testValues(rows * n, stream: 10)
            var half = [UInt16](repeating: 0, count: rows * n)
            ck_half_from_float(CK_PLAIN, single, &half, rows * n)
            let index = (0..<count).map { UInt32($0 * 7 % rows) }
            let x = testValues(count, stream: 11), g = testValues(n, stream: 12)

            for isHalf in [false, true] {
                var plain = testValues(n, stream: 13), fast = plain
                var plainDots = [Float](repeating: 0, count: count), fastDots = plainDots
                if isHalf {
                    ck_axpy_rows_f16(CK_PLAIN, half, n, index, x, count, &plain, n)
                    ck_axpy_rows_f16(path, half, n, index, x, count, &fast, n)
                    ck_dot_rows_f16(CK_PLAIN, half, n, index, count, g, &plainDots, n)
                    ck_dot_rows_f16(path, half, n, index, count, g, &fastDots, n)
                } else {
                    ck_axpy_rows_f32(CK_PLAIN, single, n, index, x, count, &plain, n)
                    ck_axpy_rows_f32(path, single, n, index, x, count, &fast, n)
                    ck_dot_rows_f32(CK_PLAIN, single, n, index, count, g, &plainDots, n)
                    ck_dot_rows_f32(path, single, n, index, count, g, &fastDots, n)
                }
                #expect(plain.map(\.bitPattern) == fast.map(\.bitPattern))
                #expect(plainDots.map(\.bitPattern) == fastDots.map(\.bitPattern))
            }
        }
    }

    @Test(arguments: paths.map(\.rawValue), [0, 1, 7, 8, 9, 64, 1000])
    func compaction(path: UInt32, n: Int) {
        let path = ck_path(path)
        let x = testValues(n, stream: 14, sparse: true) + [.nan]
        for kernel in [ck_compact_positive, ck_compact_nonzero] {
            var plainIndex = [UInt32](repeating: 0, count: n + 8), fastIndex = plainIndex
            var plainValue = [Float](repeating: 0, count: n + 8), fastValue = plainValue
            let plainCount = kernel(CK_PLAIN, x, n, 5, &plainIndex, &plainValue)
            let fastCount = kernel(path, x, n, 5, &fastIndex, &fastValue)
            #expect(plainCount == fastCount)
            #expect(plainIndex[..<plainCount] == fastIndex[..<fastCount])
            #expect(plainValue[..<plainCount] == fastValue[..<fastCount])
        }
        var index = [UInt32](repeating: 0, count: n + 8)
        var value = [Float](repeating: 0, count: n + 8)
        let count = ck_compact_positive(path, x, n, 3, &index, &value)
        #expect(index[..<count].map(Int.init) == (0..<n).filter { x[$0] > 0 }.map { $0 + 3 })
    }

    /// All 65,536 halves there and back, and singles between, at and around them.
    @Test(arguments: [CK_PLAIN.rawValue] + paths.map(\.rawValue))
    func halfConversions(path: UInt32) {
        let path = ck_path(path)
        let halves = (0...UInt16.max).map { $0 }
        var singles = [Float](repeating: 0, count: halves.count)
        ck_float_from_half(path, halves, &singles, halves.count)
        for (half, single) in zip(halves, singles) {
            let expected = Float(Float16(bitPattern: half))
            #expect(single.isNaN ? expected.isNaN : single.bitPattern == expected.bitPattern)
        }
        let near = singles.filter(\.isFinite).flatMap { value in
            [value, value.nextUp, value.nextDown, value * 1.0004883, value * 1.0002441]
        } + [65519.996, 65520, 1e30, .infinity, 1e-8, 2.9802322e-8, 2.9802326e-8]
        var rounded = [UInt16](repeating: 0, count: near.count)
        ck_half_from_float(path, near, &rounded, near.count)
        for (single, half) in zip(near, rounded) {
            #expect(half == Float16(single).bitPattern)
        }
    }
}
