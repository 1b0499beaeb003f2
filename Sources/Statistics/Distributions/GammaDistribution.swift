/// The gamma distribution of scale 1.
package struct GammaDistribution: Sendable, Hashable {
    /// Above 0.
    package var shape: Double

    package init(shape: Double) {
        precondition(shape > 0, "a gamma distribution's shape is above 0")
        self.shape = shape
    }

    /// P(X ≤ x), the regularized lower incomplete gamma function: its power series below
    /// the mean, Lentz's continued fraction above. Relative error below 1e-12 for shapes
    /// up to 10⁴; O(√shape) terms.
    package func cumulative(_ x: Double) -> Double {
        guard x > 0 else { return 0 }
        return x < shape + 1 ? lowerTail(x) : 1 - upperTail(x)
    }

    /// The x with P(X ≤ x) = probability, to 1e-10 relative (away from 0).
    package func quantile(_ probability: Double) -> Double {
        precondition(probability > 0 && probability < 1, "a probability lies between 0 and 1")
        let z = NormalDistribution.bisectedQuantile(probability)
        return shape < 1000 ? newton(probability, z) : cornishFisher(z)
    }

    /// The Cornish–Fisher expansion to shape^-3/2 (Abramowitz, Stegun, 26.4, halved).
    private func cornishFisher(_ z: Double) -> Double {
        let s = shape.squareRoot(), z2 = z * z
        return shape + z * s + (z2 - 1) / 3 + z * (z2 - 7) / (36 * s)
            - ((3 * z2 + 7) * z2 - 16) / (810 * shape)
            + z * ((9 * z2 + 256) * z2 - 433) / (38880 * shape * s)
    }

    /// Newton's method in log x, kept inside a bracket that it shrinks.
    private func newton(_ probability: Double, _ z: Double) -> Double {
        // Wilson and Hilferty's cube root is nearly normal; near 0 the series' first term.
        let c = 1 / (9 * shape)
        let cube = 1 - c + z * c.squareRoot()
        var logX =
            cube > 0.2
            ? ElementaryFunction.log(shape * cube * cube * cube)
            : (ElementaryFunction.log(probability) + logGamma(shape + 1)) / shape
        var low = -800.0 / min(shape, 1) - 10, high = ElementaryFunction.log(shape + 1000 + 50 * shape.squareRoot())
        logX = min(max(logX, low), high)
        for _ in 0..<200 {
            let x = ElementaryFunction.exp(logX)
            // Compare on the side where the digits are.
            let (difference, tail): (Double, Double)
            if x < shape + 1 {
                tail = lowerTail(x)
                difference = tail - probability
            } else {
                tail = upperTail(x)
                difference = (1 - probability) - tail
            }
            if difference > 0 { high = logX } else { low = logX }
            let slope = ElementaryFunction.exp(shape * logX - x - logGamma(shape))
            var next = logX - difference / slope
            if !(next > low && next < high) { next = (low + high) / 2 }
            if (next - logX).magnitude < 1e-14 * max(1, logX.magnitude) { return ElementaryFunction.exp(next) }
            logX = next
        }
        return ElementaryFunction.exp(logX)
    }

    /// x^shape e^-x / Γ(shape + 1).
    private func density(_ x: Double) -> Double {
        ElementaryFunction.exp(shape * ElementaryFunction.log(x) - x - logGamma(shape + 1))
    }

    func lowerTail(_ x: Double) -> Double {
        var term = 1.0, sum = 1.0, k = shape
        while term > sum * 1e-17 {
            k += 1
            term *= x / k
            sum += term
        }
        return sum * density(x)
    }

    func upperTail(_ x: Double) -> Double {
        // 1/(x+1−a− 1(1−a)/(x+3−a− 2(2−a)/(x+5−a− …
        var b = x + 1 - shape, c = 1e300, d = 1 / b, h = d, i = 1.0
        while i < 100_000 {
            let a = -i * (i - shape)
            b += 2
            d = 1 / nonzero(a * d + b)
            c = nonzero(b + a / c)
            let factor = c * d
            h *= factor
            if (factor - 1).magnitude < 1e-16 { break }
            i += 1
        }
        return h * density(x) * shape
    }

    private func nonzero(_ x: Double) -> Double { x.magnitude < 1e-300 ? 1e-300 : x }
}

/// log Γ(x) for x > 0: Stirling's series from 15 on, the recurrence below.
package func logGamma(_ x: Double) -> Double {
    var y = x, product = 1.0
    while y < 15 {
        product *= y
        y += 1
    }
    let r = 1 / y, r2 = r * r
    let series = r * (1.0 / 12 - r2 * (1.0 / 360 - r2 * (1.0 / 1260 - r2 * (1.0 / 1680 - r2 / 1188))))
    let halfLogTau = 0.918938533204672741780329736406
    return (y - 0.5) * ElementaryFunction.log(y) - y + halfLogTau + series - ElementaryFunction.log(product)
}
