import LinearAlgebra
import Statistics
import Testing

/// Deterministic test values in (−1, 1), every third one 0 when `sparse`.
func testValues(_ count: Int, stream: UInt64, sparse: Bool = false) -> [Float] {
    let philox = Philox(seed: 7, stream: stream)
    return (0..<count).map { index in
        let word = philox.block(at: UInt64(index))
        if sparse && word[1] % 3 != 0 { return 0 }
        return Float(Int32(bitPattern: word[0])) / 0x1p31
    }
}

@Suite struct PackedLinearTests {
    static let shapes = [(1, 1), (3, 5), (33, 31), (32, 64), (100, 77), (392, 1000)]

    @Test(arguments: shapes, Precision.allCases)
    func forwardIsTheProductInOrderOfTheInputs(shape: (Int, Int), precision: Precision) {
        let (inputs, outputs) = shape
        // Values of few bits, so that binary16 holds the weights exactly.
        let weight = testValues(inputs * outputs, stream: 1).map { ($0 * 512).rounded() / 512 }
        let bias = testValues(outputs, stream: 2)
        let x = testValues(inputs, stream: 3, sparse: true)
        let layer = PackedLinear(
            inputs: inputs, outputs: outputs, weight: .floats(weight), bias: bias,
            precision: precision, keepsTransposed: false)
        let sparse = SparseVector(capacity: inputs)
        sparse.keepNonzero(x, count: inputs)
        let acc = AlignedBuffer<Float>(count: layer.stride)
        layer.forward(sparse, into: acc.pointer)
        for j in 0..<outputs {
            var expected = bias[j]
            for i in 0..<inputs where x[i] != 0 {
                expected = expected.addingProduct(x[i], weight[j * inputs + i])
            }
            #expect(acc.pointer[j].bitPattern == expected.bitPattern)
        }
    }

    @Test(arguments: shapes, Precision.allCases)
    func bothTransposedProductsAreTheTranspose(shape: (Int, Int), precision: Precision) {
        let (inputs, outputs) = shape
        let weight = testValues(inputs * outputs, stream: 4).map { ($0 * 512).rounded() / 512 }
        let g = testValues(outputs, stream: 5, sparse: true)
        let layer = PackedLinear(
            inputs: inputs, outputs: outputs, weight: .floats(weight),
            bias: Array(repeating: 0, count: outputs), precision: precision,
            keepsTransposed: true)
        let exact = (0..<inputs).map { i in
            (0..<outputs).reduce(0.0) { $0 + Double(g[$1]) * Double(weight[$1 * inputs + i]) }
        }
        let scale = (0..<inputs).map { i in
            (0..<outputs).reduce(1e-30) { $0 + abs(Double(g[$1]) * Double(weight[$1 * inputs + i])) }
        }

        let dense = AlignedBuffer<Float>(count: layer.stride)
        for j in 0..<outputs { dense.pointer[j] = g[j] }
        let wanted = (0..<inputs).filter { $0 % 2 == 0 }.map(UInt32.init)
        var dots = [Float](repeating: 0, count: wanted.count)
        layer.transposedDot(wanted, count: wanted.count, with: dense.pointer, into: &dots)
        for (k, i) in wanted.enumerated() {
            #expect(abs(Double(dots[k]) - exact[Int(i)]) <= 1e-6 * scale[Int(i)])
        }

        let sparse = SparseVector(capacity: outputs)
        sparse.keepNonzero(g, count: outputs)
        let sum = AlignedBuffer<Float>(count: layer.transposedStride)
        layer.transposedSum(
            sparse.index.pointer, sparse.value.pointer, count: sparse.count, into: sum.pointer)
        for i in 0..<inputs {
            #expect(abs(Double(sum.pointer[i]) - exact[i]) <= 3e-6 * scale[i])
        }
    }
}
