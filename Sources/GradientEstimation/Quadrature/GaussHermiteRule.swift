/// Gauss–Hermite quadrature for the standard normal: Σ wᵢ g(xᵢ) = E[g(ε)], exact for
/// polynomials of degree below 2n.
///
/// Built from sums, products, quotients and square roots alone, so that the nodes are the
/// same bits on every machine.
package struct GaussHermiteRule: Sendable {
    package let nodes, weights: [Double]

    /// Two sizes whose agreement shows that the smaller one already sufficed.
    package static let coarse = GaussHermiteRule(count: 64)
    package static let fine = GaussHermiteRule(count: 128)

    /// Each node is a root of the Hermite polynomial He_n, an eigenvalue of the Jacobi matrix
    /// with off-diagonal √1 … √(n−1) (Golub, Welsch, "Calculation of Gauss quadrature rules",
    /// 1969): enclosed by bisection on Sturm counts, then polished by Newton's iteration.
    /// The weight is 1/Σ_{k<n} p_k(x)², with p_k the orthonormal polynomials. O(n²).
    package init(count n: Int) {
        precondition(n >= 2 && n % 2 == 0, "an even rule has no node at zero")
        var positive: [(node: Double, weight: Double)] = []
        let bound = 2 * Double(n).squareRoot()
        for i in n / 2..<n {
            var low = 0.0
            var high = bound
            for _ in 0..<24 {
                let middle = (low + high) / 2
                if Self.rootsBelow(middle, n) > i { high = middle } else { low = middle }
            }
            var x = (low + high) / 2
            for _ in 0..<8 {
                let p = Self.orthonormal(x, n)
                x -= p.value / p.slope
            }
            positive.append((x, 1 / Self.orthonormal(x, n).squares))
        }
        // The rule is symmetric; building it so keeps odd moments exactly zero.
        nodes = positive.reversed().map { -$0.node } + positive.map(\.node)
        weights = positive.reversed().map(\.weight) + positive.map(\.weight)
    }

    /// How many roots of He_n lie below x: the negative pivots of J − xI.
    private static func rootsBelow(_ x: Double, _ n: Int) -> Int {
        var pivot = -x
        var count = pivot < 0 ? 1 : 0
        for k in 1..<n {
            pivot = -x - Double(k) / (pivot == 0 ? 1e-300 : pivot)
            if pivot < 0 { count += 1 }
        }
        return count
    }

    /// p_n(x), p_n′(x) = √n p_{n−1}(x), and Σ_{k<n} p_k(x)².
    private static func orthonormal(_ x: Double, _ n: Int) -> (value: Double, slope: Double, squares: Double) {
        var previous = 0.0
        var current = 1.0
        var squares = 0.0
        for k in 0..<n {
            squares += current * current
            let next = (x * current - Double(k).squareRoot() * previous) / Double(k + 1).squareRoot()
            previous = current
            current = next
        }
        return (current, Double(n).squareRoot() * previous, squares)
    }
}
