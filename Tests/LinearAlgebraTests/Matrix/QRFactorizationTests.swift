import LinearAlgebra
import Testing

@Suite struct QRFactorizationTests {
    @Test func anOrthogonalFactorIsOrthogonalAndAnUpperOneUpper() {
        for size in [1, 2, 3, 7, 24] {
            let a = matrix(size, size, stream: UInt64(200 + size)), qr = QRFactorization(a)
            let q = qr.orthogonal
            #expect(largestDifference(q * q.transposed, .identity(size)) < 1e-14)
            #expect(largestDifference(q * qr.upper, a) < 1e-14)
            for i in 0..<size {
                #expect(qr.upper[i, i] >= 0)
                for k in 0..<i { #expect(qr.upper[i, k] == 0) }
            }
        }
    }

    @Test func columnsThatAreZeroOrHugeDoNoHarm() {
        var a = matrix(4, 4, stream: 250)
        for i in 0..<4 { a[i, 1] = 0 }
        for i in 0..<4 { a[i, 2] *= 1e200 }
        let qr = QRFactorization(a)
        #expect(largestDifference(qr.orthogonal * qr.orthogonal.transposed, .identity(4)) < 1e-14)
        let product = qr.orthogonal * qr.upper
        for (x, y) in zip(product.elements, a.elements) {
            #expect((x - y).magnitude <= 1e-14 * max(1, y.magnitude))
        }
    }
}
