import LinearAlgebra
import SeededRandom
import Testing

@Suite struct MatrixProductTests {
    /// Any order of the panels, by any thread, gives the same product: here backwards, against one by one.
    @Test func panelsMakeUpTheProductInAnyOrder() {
        var generator = SplitMix64(seed: 1)
        let (rows, columns, depth) = (11, 150, 23)
        let a = generator.singles(rows * depth), b = generator.singles(depth * columns)
        var results: [[Float]] = []
        for isReversed in [false, true] {
            var c = [Float](repeating: 0, count: rows * columns)
            a.withUnsafeBufferPointer { a in
                b.withUnsafeBufferPointer { b in
                    c.withUnsafeMutableBufferPointer { c in
                        guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress else { return }
                        let product = MatrixProduct(
                            MatrixView(a, stride: depth), MatrixView(b, stride: columns), into: c, stride: columns,
                            rows: rows, columns: columns, depth: depth)
                        #expect((0..<product.panels).flatMap { product.columns(ofPanel: $0) } == Array(0..<columns))
                        for panel in isReversed ? (0..<product.panels).reversed() : Array(0..<product.panels) {
                            product.multiply(panel: panel)
                        }
                    }
                }
            }
            results.append(c)
        }
        #expect(results[0] == results[1])
        for i in 0..<rows {
            for j in 0..<columns {
                let sum = (0..<depth).reduce(0.0) { $0 + Double(a[i * depth + $1]) * Double(b[$1 * columns + j]) }
                #expect(abs(Double(results[0][i * columns + j]) - sum) < 1e-5)
            }
        }
    }

    @Test func aTransposedViewIsTheTransposedMatrix() {
        let x: [Float] = [1, 2, 3, 4, 5, 6]
        var c = [Float](repeating: 0, count: 4)
        x.withUnsafeBufferPointer { x in
            c.withUnsafeMutableBufferPointer { c in
                guard let x = x.baseAddress, let c = c.baseAddress else { return }
                let view = MatrixView(x, stride: 2)  // (3, 2)
                let product = MatrixProduct(
                    view.transposed, view, into: c, stride: 2, rows: 2, columns: 2, depth: 3)
                product.multiply(panel: 0)
            }
        }
        #expect(c == [35, 44, 44, 56])
    }
}
