import CKernels
import SeededRandom
import Testing

@Suite struct ProductTests {
    /// What a product is made of: shapes that fill no register and no block, and those that do.
    struct Case: Sendable, CustomTestStringConvertible {
        var rows = 5, columns = 51, depth = 19
        var aIsTransposed = false, bIsTransposed = false, chosen = false
        var bias = false, accumulates = false, rectifies = false, gated = false

        var testDescription: String {
            "\(rows)×\(depth)×\(columns)" + (aIsTransposed ? " aᵀ" : "") + (bIsTransposed ? " bᵀ" : "")
                + (chosen ? " chosen" : "") + (bias ? " bias" : "") + (accumulates ? " accumulates" : "")
                + (rectifies ? " rectifies" : "") + (gated ? " gated" : "")
        }
    }

    static let cases: [Case] = {
        var cases: [Case] = []
        for (rows, columns, depth) in [
            (1, 1, 1), (3, 7, 2), (8, 48, 16), (6, 16, 1), (9, 49, 257), (17, 100, 300), (4, 33, 0), (0, 5, 3),
        ] {
            cases.append(Case(rows: rows, columns: columns, depth: depth, bias: true))
            cases.append(Case(rows: rows, columns: columns, depth: depth, aIsTransposed: true, accumulates: true))
            cases.append(Case(rows: rows, columns: columns, depth: depth, bIsTransposed: true, gated: true))
            cases.append(
                Case(
                    rows: rows, columns: columns, depth: depth, bIsTransposed: true, chosen: true, rectifies: true))
            cases.append(
                Case(
                    rows: rows, columns: columns, depth: depth, chosen: true, bias: true, accumulates: true,
                    rectifies: true, gated: true))
        }
        return cases
    }()

    /// C of a case, the columns from `first` on.
    private func product(
        _ c: Case, _ set: ck_instruction_set, from first: Int = 0, a: [Float], b: [Float], index: [UInt32],
        start: [Float], gate: [Float], bias: [Float]
    ) -> [Float] {
        var result = start
        result.withUnsafeMutableBufferPointer { result in
            a.withUnsafeBufferPointer { a in
                b.withUnsafeBufferPointer { b in
                    index.withUnsafeBufferPointer { index in
                        gate.withUnsafeBufferPointer { gate in
                            bias.withUnsafeBufferPointer { bias in
                                var p = ck_product()
                                p.a = a.baseAddress
                                p.a_row = c.aIsTransposed ? 1 : Self.stride
                                p.a_depth = c.aIsTransposed ? Self.stride : 1
                                p.b = b.baseAddress
                                p.b_depth = c.bIsTransposed ? 1 : Self.stride
                                p.b_column = c.bIsTransposed ? Self.stride : 1
                                p.depth_index = c.chosen ? index.baseAddress : nil
                                p.column_index = c.chosen && c.bIsTransposed ? index.baseAddress : nil
                                p.c = result.baseAddress
                                p.c_row = Self.stride
                                p.rows = c.rows
                                p.depth = c.depth
                                p.bias = c.bias ? bias.baseAddress : nil
                                p.accumulates = c.accumulates
                                p.rectifies = c.rectifies
                                p.gate = c.gated ? gate.baseAddress : nil
                                p.gate_row = Self.stride
                                ck_multiply_columns(set, &p, first, c.columns - first)
                            }
                        }
                    }
                }
            }
        }
        return result
    }

    private static let stride = 320

    private func arrays() -> (a: [Float], b: [Float], index: [UInt32], start: [Float], gate: [Float], bias: [Float]) {
        let size = Self.stride * Self.stride
        return (
            singles(size, stream: 1), singles(size, stream: 2), (0..<300).map { UInt32($0 * 7 % 311) },
            singles(size, stream: 3), singles(size, stream: 4, sparse: true), singles(Self.stride, stream: 5)
        )
    }

    @Test(arguments: cases) func everyInstructionSetHasTheReferencesBits(c: Case) {
        let (a, b, index, start, gate, bias) = arrays()
        let reference = product(c, CK_PLAIN, a: a, b: b, index: index, start: start, gate: gate, bias: bias)
        for set in availableInstructionSets {
            for first in [0, 1, c.columns / 2] where first <= c.columns {
                let found = product(
                    c, set, from: first, a: a, b: b, index: index, start: start, gate: gate, bias: bias)
                for i in 0..<Self.stride {
                    for j in 0..<Self.stride {
                        let place = i * Self.stride + j
                        let expected = i < c.rows && j >= first && j < c.columns ? reference[place] : start[place]
                        guard found[place].bitPattern == expected.bitPattern else {
                            Issue.record("\(set) from \(first): (\(i), \(j)) is \(found[place]), not \(expected)")
                            return
                        }
                    }
                }
            }
        }
    }

    @Test(arguments: cases) func theReferenceIsTheSumOfProductsInOrder(c: Case) {
        let (a, b, index, start, gate, bias) = arrays()
        let found = product(c, CK_PLAIN, a: a, b: b, index: index, start: start, gate: gate, bias: bias)
        for i in 0..<c.rows {
            for j in 0..<c.columns {
                var sum = c.accumulates ? start[i * Self.stride + j] : 0
                if c.bias { sum += bias[j] }
                for k in 0..<c.depth {
                    let row = c.chosen ? Int(index[k]) : k
                    let column = c.chosen && c.bIsTransposed ? Int(index[j]) : j
                    let left = c.aIsTransposed ? a[k * Self.stride + i] : a[i * Self.stride + k]
                    let right = c.bIsTransposed ? b[column * Self.stride + row] : b[row * Self.stride + column]
                    sum.addProduct(left, right)
                }
                if c.rectifies && sum <= 0 { sum = 0 }
                if c.gated && !(gate[i * Self.stride + j] > 0) { sum = 0 }
                #expect(found[i * Self.stride + j].bitPattern == sum.bitPattern)
            }
        }
    }

    @Test(arguments: availableInstructionSets) func sumsAndMaximaDownColumnsAreTheReferences(set: ck_instruction_set) {
        let x = singles(40 * 70, stream: 6)
        for columns in [0, 1, 15, 16, 17, 33, 70] {
            var sums = [Float](repeating: 7, count: 71), maxima = sums
            ck_column_sums(set, x, 70, 40, columns, &sums)
            ck_column_maxima(set, x, 70, 40, columns, &maxima)
            for j in 0..<71 {
                let column = (0..<40).map { x[min($0 * 70 + j, x.count - 1)] }
                #expect(sums[j] == (j < columns ? column.reduce(0, +) : 7))
                #expect(maxima[j] == (j < columns ? column.reduce(0, max) : 7))
            }
        }
    }

    @Test(arguments: availableInstructionSets) func aMaximumOfNaNIsNaN(set: ck_instruction_set) {
        for row in 0..<3 {
            var x = [Float](repeating: 1, count: 3 * 20), maxima = [Float](repeating: 0, count: 20)
            x[row * 20 + 4] = .nan
            ck_column_maxima(set, x, 20, 3, 20, &maxima)
            #expect(maxima[4].isNaN)
            #expect(maxima[3] == 1)
        }
    }

    @Test(arguments: availableInstructionSets) func squaresAreSummedExactlyInLanes(set: ck_instruction_set) {
        let x = singles(77, stream: 7)
        for count in [0, 1, 15, 16, 17, 77] {
            var lanes = [Double](repeating: 0, count: 16)
            for i in 0..<count { lanes[i % 16] += Double(x[i]) * Double(x[i]) }
            for half in [8, 4, 2, 1] { for l in 0..<half { lanes[l] += lanes[l + half] } }
            #expect(ck_sum_of_squares(set, x, count) == lanes[0])
        }
    }
}
