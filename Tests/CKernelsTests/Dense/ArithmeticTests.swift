import CKernels
import Testing

fileprivate typealias Binary = @Sendable (
    ck_instruction_set, UnsafePointer<Double>?, UnsafePointer<Double>?, UnsafeMutablePointer<Double>?, Int
) -> Void
fileprivate typealias Unary = @Sendable (
    ck_instruction_set, UnsafePointer<Double>?, UnsafeMutablePointer<Double>?, Int
) -> Void

@Suite struct ArithmeticTests {
    private let binary: [(String, Binary, @Sendable (Double, Double) -> Double)] = [
        ("add", { ck_add($0, $1, $2, $3, $4) }, { $0 + $1 }),
        ("subtract", { ck_subtract($0, $1, $2, $3, $4) }, { $0 - $1 }),
        ("multiply", { ck_multiply($0, $1, $2, $3, $4) }, { $0 * $1 }),
        ("divide", { ck_divide($0, $1, $2, $3, $4) }, { $0 / $1 }),
        ("minimum", { ck_minimum($0, $1, $2, $3, $4) },
            { $0.isNaN || $1.isNaN ? .nan : ($0 <= $1 ? $0 : $1) }),
        ("maximum", { ck_maximum($0, $1, $2, $3, $4) },
            { $0.isNaN || $1.isNaN ? .nan : ($0 >= $1 ? $0 : $1) }),
        ("less_or_equal", { ck_less_or_equal($0, $1, $2, $3, $4) },
            { $0.isNaN || $1.isNaN ? .nan : ($0 <= $1 ? 1 : 0) }),
        ("copy_sign", { ck_copy_sign($0, $1, $2, $3, $4) }, { Double(signOf: $1, magnitudeOf: $0) }),
    ]
    private let unary: [(String, Unary, @Sendable (Double) -> Double)] = [
        ("negate", { ck_negate($0, $1, $2, $3) }, { -$0 }),
        ("absolute", { ck_absolute($0, $1, $2, $3) }, { abs($0) }),
        ("sign", { ck_sign($0, $1, $2, $3) }, { $0 > 0 ? 1 : ($0 < 0 ? -1 : $0) }),
        ("square_root", { ck_square_root($0, $1, $2, $3) }, { $0.squareRoot() }),
        ("positive_reciprocal", { ck_positive_reciprocal($0, $1, $2, $3) },
            { $0 > 0 ? 1 / $0 : .nan }),
        ("affine", { ck_affine($0, 0.1, -3, $1, $2, $3) }, { 0.1 + (-3 * $0) }),
    ]
    private let special: [Double] = [
        0, -0.0, 1, -1, .infinity, -.infinity, .nan, .leastNonzeroMagnitude,
        -.greatestFiniteMagnitude, 0.1, 3, -7.5, 1e-300,
    ]

    private func same(_ a: Double, _ b: Double) -> Bool {
        a.isNaN && b.isNaN || a.bitPattern == b.bitPattern
    }

    /// Every pair of special values, and a tail after the last whole vector.
    private var pairs: (a: [Double], b: [Double]) {
        (special.flatMap { value in special.map { _ in value } }, special.flatMap { _ in special })
    }

    @Test(arguments: availableInstructionSets) func elementwiseOperationsAreIEEEsOnEveryInstructionSet(set: ck_instruction_set) {
        let (a, b) = pairs
        for count in [0, 1, 3, 4, 15, 16, 17, a.count] {
            for (name, kernel, reference) in binary {
                var y = [Double](repeating: 42, count: a.count)
                kernel(set, a, b, &y, count)
                for i in 0..<count { #expect(same(y[i], reference(a[i], b[i])), "\(name)(\(a[i]), \(b[i]))") }
                #expect(y[count...].allSatisfy { $0 == 42 })
            }
            for (name, kernel, reference) in unary {
                var y = [Double](repeating: 42, count: b.count)
                kernel(set, b, &y, count)
                for i in 0..<count { #expect(same(y[i], reference(b[i])), "\(name)(\(b[i]))") }
                #expect(y[count...].allSatisfy { $0 == 42 })
            }
        }
    }

    @Test(arguments: availableInstructionSets) func theResultMayTakeAnOperandsPlace(set: ck_instruction_set) {
        let (a, b) = pairs
        for (name, kernel, reference) in binary {
            var y = a
            y.withUnsafeMutableBufferPointer { kernel(set, $0.baseAddress, b, $0.baseAddress, a.count) }
            #expect(y.indices.allSatisfy { same(y[$0], reference(a[$0], b[$0])) }, "\(name)")
            y = b
            y.withUnsafeMutableBufferPointer { kernel(set, a, $0.baseAddress, $0.baseAddress, a.count) }
            #expect(y.indices.allSatisfy { same(y[$0], reference(a[$0], b[$0])) }, "\(name)")
        }
    }

    /// The order that the header states, in Swift.
    private func fold(_ terms: [Double]) -> Double {
        var lanes = [Double](repeating: 0, count: 16)
        for (i, term) in terms.enumerated() { lanes[i % 16] += term }
        for half in [8, 4, 2, 1] { for l in 0..<half { lanes[l] += lanes[l + half] } }
        return lanes[0]
    }

    @Test(arguments: availableInstructionSets) func sumsAddInTheStatedOrderOnEveryInstructionSet(set: ck_instruction_set) {
        // Magnitudes so uneven that any other order gives other bits.
        let x = (0..<307).map { (i: Int) -> Double in
            Double(i * 7919 % 1009 - 500) * (0.1 + Double(i * i % 13))
        }
        let y = (0..<307).map { (i: Int) -> Double in 1 / (0.3 + Double(i * 31 % 101)) }
        for count in [0, 1, 15, 16, 17, 31, 32, 33, 300, 307] {
            let a = Array(x.prefix(count))
            let b = Array(y.prefix(count))
            #expect(ck_sum(set, a, count) == fold(a))
            #expect(ck_dot(set, a, b, count) == fold(zip(a, b).map { $0 * $1 }))
            #expect(ck_squared_deviations(set, a, 0.7, count)
                == fold(a.map { ($0 - 0.7) * ($0 - 0.7) }))
        }
    }

    @Test(arguments: availableInstructionSets) func aSumIsFiniteOnlyIfItsTermsAre(set: ck_instruction_set) {
        for bad in [Double.nan, .infinity, -.infinity] {
            for at in [0, 5, 16, 40, 44] {
                var x = [Double](repeating: 1, count: 45)
                x[at] = bad
                #expect(!ck_sum(set, x, 45).isFinite)
            }
        }
    }
}
