import CKernels
import Testing

@Suite struct TransposedProductTests {
    /// Rows, columns and depth that fill no tile, some, and all.
    static let shapes: [[Int]] = [
        [0, 3, 2], [1, 1, 1], [1, 40, 5], [3, 7, 0], [4, 16, 3], [5, 17, 31], [9, 33, 64], [13, 100, 20], [32, 61, 32],
    ]
    private static let stride = 103

    private func result(_ set: ck_instruction_set, sign: Double, _ shape: [Int], depth: Range<Int>? = nil) -> [Double] {
        let a = doubles(64 * Self.stride, stream: 11), b = doubles(64 * Self.stride, stream: 12)
        var c = doubles(32 * Self.stride, stream: 13)
        let terms = depth ?? 0..<shape[2]
        a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                guard let a = a.baseAddress, let b = b.baseAddress else { return }
                ck_add_transposed_product(
                    set, sign, a + terms.lowerBound * Self.stride, Self.stride, b + terms.lowerBound * Self.stride,
                    Self.stride, &c, Self.stride, shape[0], shape[1], terms.count)
            }
        }
        return c
    }

    @Test(arguments: availableInstructionSets, shapes)
    func bitsAreThoseOfTheReference(set: ck_instruction_set, shape: [Int]) {
        for sign in [1.0, -1] {
            let found = result(set, sign: sign, shape)
            #expect(found.bits == result(CK_PLAIN, sign: sign, shape).bits)
            // Nothing beside the result is touched.
            let before = doubles(32 * Self.stride, stream: 13)
            for k in found.indices where k / Self.stride >= shape[0] || k % Self.stride >= shape[1] {
                #expect(found[k] == before[k])
            }
        }
    }

    @Test(arguments: availableInstructionSets)
    func eachNumberAddsItsTermsInOrder(set: ck_instruction_set) {
        let a = doubles(64 * Self.stride, stream: 11), b = doubles(64 * Self.stride, stream: 12)
        let c = doubles(32 * Self.stride, stream: 13), found = result(set, sign: -1, [6, 21, 40])
        for i in 0..<6 {
            for j in 0..<21 {
                var sum = c[i * Self.stride + j]
                for k in 0..<40 { sum = sum.addingProduct(-a[k * Self.stride + i], b[k * Self.stride + j]) }
                #expect(found[i * Self.stride + j].bitPattern == sum.bitPattern)
            }
        }
    }
}
