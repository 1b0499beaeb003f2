import CKernels
import Testing

@Suite struct UnmixTests {
    /// A mixture of `depth` numbers, and `rows` rows with a mask that every third row has anew.
    private struct Mixture {
        let depth: Int, rows = 35, period = 3
        var lower: [Float], upper: [Float]
        let bias: [Float], permutation: [Int], mask: [Float], x: [Float]

        init(depth: Int) {
            self.depth = depth
            lower = singles(depth * depth, stream: 30).map { $0 / Float(depth) }
            let triangle = singles(depth * depth, stream: 31)
            upper = triangle
            bias = singles(depth, stream: 32)
            permutation = (0..<depth).map { ($0 * 5 + 2) % depth }
            mask = singles(period * depth, stream: 33).map { $0 < 0 ? 0 : 1 }
            x = singles(rows * depth, stream: 34)
            for j in 0..<depth {
                for i in 0..<depth {
                    if i <= j { lower[j * depth + i] = i == j ? 1 : 0 }
                    // U's transpose: input j reaches outputs up to itself.
                    upper[permutation[j] * depth + i] =
                        i > j ? 0 : i == j ? 1.5 + triangle[i] : triangle[j * depth + i] / Float(depth)
                }
            }
        }

        /// y = m (L m (U v) + b) + (1 − m) v in double precision, v the permuted numbers.
        func apply(to x: [Float], masked: Bool) -> [Double] {
            (0..<rows).flatMap { row in
                let m = (0..<depth).map { masked ? Double(mask[row % period * depth + $0]) : 1 }
                let v = permutation.map { Double(x[row * depth + $0]) }
                let w = (0..<depth).map { i in
                    m[i] * (0..<depth).reduce(0) { $0 + Double(upper[permutation[$1] * depth + i]) * m[$1] * v[$1] }
                }
                return (0..<depth).map { i in
                    let mapped = (0..<depth).reduce(0) { $0 + Double(lower[$1 * depth + i]) * w[$1] }
                    return m[i] * (mapped + Double(bias[i])) + (1 - m[i]) * v[i]
                }
            }
        }

        func undo(_ y: [Float], masked: Bool, rows: Int, on set: ck_instruction_set) -> [Float] {
            var result = [Float](repeating: 7, count: y.count)
            mask.withUnsafeBufferPointer { mask in
                ck_unmix(
                    set, lower, upper, bias, permutation, depth, masked ? mask.baseAddress : nil, period, y, &result,
                    rows)
            }
            return result
        }
    }

    @Test(arguments: [1, 4, 7, 16, 64]) func everyInstructionSetHasTheReferencesBits(depth: Int) {
        let mixture = Mixture(depth: depth)
        for masked in [false, true] {
            for rows in [0, 1, 15, 16, 17, 35] {
                let reference = mixture.undo(mixture.x, masked: masked, rows: rows, on: CK_PLAIN)
                for set in availableInstructionSets {
                    let found = mixture.undo(mixture.x, masked: masked, rows: rows, on: set)
                    #expect(found.bits == reference.bits)
                }
            }
        }
    }

    @Test(arguments: [1, 4, 7, 16, 64]) func theWayBackUndoesTheMixture(depth: Int) {
        let mixture = Mixture(depth: depth)
        for masked in [false, true] {
            let y = mixture.apply(to: mixture.x, masked: masked).map { Float($0) }
            let found = mixture.undo(y, masked: masked, rows: mixture.rows, on: CK_PLAIN)
            for (a, b) in zip(found, mixture.x) { #expect(abs(a - b) < 1e-3) }
        }
    }
}
