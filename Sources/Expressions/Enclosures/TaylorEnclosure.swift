/// Enclosures of a function's Taylor coefficients, f^(k)(x)/k! for every x of an interval, by the
/// recurrences of automatic differentiation in interval arithmetic (Moore, "Interval Analysis",
/// 1966; Corliss, Rall, "Adaptive, self-validating numerical quadrature", 1987).
package struct TaylorEnclosure: Sendable {
    /// Coefficients 0 … order.
    package private(set) var coefficients: [Enclosure]

    private var count: Int { coefficients.count }
    package subscript(k: Int) -> Enclosure { coefficients[k] }

    package init(constant: Enclosure, order: Int) {
        coefficients = [Enclosure](repeating: .zero, count: order + 1)
        coefficients[0] = constant
    }

    /// x ↦ factor · x + … where that is anywhere in `range`.
    package init(linear range: Enclosure, slope: Double, order: Int) {
        self.init(constant: range, order: order)
        coefficients[1] = Enclosure(slope)
    }

    private init(_ coefficients: [Enclosure]) { self.coefficients = coefficients }

    /// A value in `range` of which no derivative is known.
    private static func rough(_ range: Enclosure, _ count: Int) -> TaylorEnclosure {
        var result = [Enclosure](repeating: .unbounded, count: count)
        result[0] = range
        return TaylorEnclosure(result)
    }

    package static func + (a: TaylorEnclosure, b: TaylorEnclosure) -> TaylorEnclosure {
        TaylorEnclosure(zip(a.coefficients, b.coefficients).map { $0 + $1 })
    }

    package static func - (a: TaylorEnclosure, b: TaylorEnclosure) -> TaylorEnclosure {
        TaylorEnclosure(zip(a.coefficients, b.coefficients).map { $0 - $1 })
    }

    static prefix func - (a: TaylorEnclosure) -> TaylorEnclosure { TaylorEnclosure(a.coefficients.map { -$0 }) }

    package static func * (a: TaylorEnclosure, b: TaylorEnclosure) -> TaylorEnclosure {
        // Most series have few coefficients that are not 0.
        let (left, right) = (a.support, b.support), count = a.count
        var result = [Enclosure](repeating: .zero, count: count)
        for i in left {
            for j in right {
                if i + j >= count { break }
                result[i + j] = result[i + j] + a.coefficients[i] * b.coefficients[j]
            }
        }
        return TaylorEnclosure(result)
    }

    package static func * (a: TaylorEnclosure, factor: Double) -> TaylorEnclosure {
        TaylorEnclosure(a.coefficients.map { $0 * factor })
    }

    static func / (a: TaylorEnclosure, b: TaylorEnclosure) -> TaylorEnclosure {
        if b[0].contains(0) { return .rough(.unbounded, a.count) }
        let support = b.support
        return a.solving { k, q in (a[k] - b.convolved(k, with: q, over: support)) / b[0] }
    }

    package func exponential() -> TaylorEnclosure {
        let support = support
        return integrating(monotone(.exponential)) { k, e in self.convolved(k, with: e, over: support, weighted: true) }
    }

    func logarithm() -> TaylorEnclosure {
        guard self[0].lower > 0 else {
            let top = self[0].upper > 0 ? Operation.logarithm.value(self[0].upper, 0) : .infinity
            return .rough(Enclosure(-.infinity, top), count)
        }
        return solving { k, l in
            if k == 0 { return monotone(.logarithm) }
            var known = Enclosure.zero
            for j in 1..<max(k, 1) { known = known + l[j] * self[k - j] * Double(j) }
            return (self[k] - known * (1 / Double(k))) / self[0]
        }
    }

    func squareRoot() -> TaylorEnclosure {
        guard self[0].lower > 0 else {
            return .rough(Enclosure(0, max(self[0].upper, 0).squareRoot()), count)
        }
        return solving { k, s in
            if k == 0 { return monotone(.squareRoot) }
            var known = Enclosure.zero
            for j in 1..<max(k, 1) { known = known + s[j] * s[k - j] }
            return (self[k] - known) / (s[0] * 2)
        }
    }

    /// sin and cos together: each is the other's derivative, up to a sign.
    func sineAndCosine() -> (sine: TaylorEnclosure, cosine: TaylorEnclosure) {
        var sine = [waveRange(peakAt: .pi / 2)], cosine = [waveRange(peakAt: 0)]
        let support = support
        for k in 1..<count {
            let next = convolved(k, with: cosine, over: support, weighted: true) * (1 / Double(k))
            cosine.append(-(convolved(k, with: sine, over: support, weighted: true) * (1 / Double(k))))
            sine.append(next)
        }
        return (TaylorEnclosure(sine), TaylorEnclosure(cosine))
    }

    /// t′ = a′(1 − t²).
    func tanh() -> TaylorEnclosure {
        let support = support
        var slope: [Enclosure] = []
        return integrating(monotone(.tanh)) { k, t in
            slope.append((k == 1 ? Enclosure(1) : .zero) - Self.square(t, k - 1))
            return self.convolved(k, with: slope, over: support, weighted: true)
        }
    }

    /// s′ = a′(s − s²).
    func sigmoid() -> TaylorEnclosure {
        let support = support
        var slope: [Enclosure] = []
        return integrating(monotone(.sigmoid)) { k, s in
            slope.append(s[k - 1] - Self.square(s, k - 1))
            return self.convolved(k, with: slope, over: support, weighted: true)
        }
    }

    func softplus() -> TaylorEnclosure { integral(of: sigmoid(), from: monotone(.softplus)) }

    func erf() -> TaylorEnclosure {
        let slope = (-(self * self)).exponential() * 1.1283791670955126
        return integral(of: slope, from: monotone(.erf))
    }

    func absolute() -> TaylorEnclosure {
        if self[0].lower >= 0 { return self }
        if self[0].upper <= 0 { return -self }
        return .rough(Enclosure(0, self[0].magnitude), count)
    }

    func minimum(_ other: TaylorEnclosure) -> TaylorEnclosure {
        if self[0].upper <= other[0].lower { return self }
        if other[0].upper <= self[0].lower { return other }
        return .rough(
            Enclosure(min(self[0].lower, other[0].lower), min(self[0].upper, other[0].upper)), count)
    }

    /// This where the condition is surely not 0, the other where it surely is; else a value of one of
    /// the two, with a jump or a kink between them, so that no derivative is known.
    func selected(by condition: Enclosure, else other: TaylorEnclosure) -> TaylorEnclosure {
        if condition.isZero { return other }
        if !condition.contains(0) { return self }
        return .rough(
            Enclosure(min(self[0].lower, other[0].lower), max(self[0].upper, other[0].upper)), count)
    }

    func maximum(_ other: TaylorEnclosure) -> TaylorEnclosure { -((-self).minimum(-other)) }

    package func raised(to exponent: Int) -> TaylorEnclosure {
        if exponent < 0 {
            return TaylorEnclosure(constant: Enclosure(1), order: count - 1) / raised(to: -exponent)
        }
        var result = TaylorEnclosure(constant: Enclosure(1), order: count - 1)
        for bit in stride(from: Int.bitWidth - 1 - exponent.leadingZeroBitCount, through: 0, by: -1) {
            result = result * result
            if exponent >> bit & 1 == 1 { result = result * self }
        }
        // A product does not know whether its factors are the same.
        if exponent > 0, exponent % 2 == 0 { result.coefficients[0].lower = max(result[0].lower, 0) }
        return result
    }

    /// sign and ≤: constant where they are decided.
    static func step(_ range: Enclosure, isDecided: Bool, count: Int) -> TaylorEnclosure {
        isDecided ? TaylorEnclosure(constant: range, order: count - 1) : .rough(range, count)
    }

    // MARK: Recurrences

    /// The coefficients that are not 0, ascending.
    private var support: [Int] { coefficients.indices.filter { !coefficients[$0].isZero } }

    /// Σ aⱼ other_{k−j} for j = 1 … k, each times j where it is weighted.
    private func convolved(
        _ k: Int, with other: [Enclosure], over support: [Int], weighted: Bool = false
    ) -> Enclosure {
        var total = Enclosure.zero
        for j in support where j > 0 {
            if j > k { break }
            let term = coefficients[j] * other[k - j]
            total = total + (weighted ? term * Double(j) : term)
        }
        return total
    }

    /// Coefficient k of the square.
    private static func square(_ a: [Enclosure], _ k: Int) -> Enclosure {
        var total = Enclosure.zero
        for i in 0...k { total = total + a[i] * a[k - i] }
        return total
    }

    /// Coefficient k from those before it.
    private func solving(_ next: (Int, [Enclosure]) -> Enclosure) -> TaylorEnclosure {
        var result: [Enclosure] = []
        result.reserveCapacity(count)
        for k in 0..<count { result.append(next(k, result)) }
        return TaylorEnclosure(result)
    }

    /// Coefficient k from k times itself, by those before it.
    private func integrating(
        _ first: Enclosure, _ next: (Int, [Enclosure]) -> Enclosure
    ) -> TaylorEnclosure {
        solving { k, known in k == 0 ? first : next(k, known) * (1 / Double(k)) }
    }

    /// ∫ slope · a′.
    private func integral(of slope: TaylorEnclosure, from first: Enclosure) -> TaylorEnclosure {
        let support = support
        return integrating(first) { k, _ in
            self.convolved(k, with: slope.coefficients, over: support, weighted: true)
        }
    }

    private func monotone(_ operation: Operation) -> Enclosure {
        Enclosure(operation.value(self[0].lower, 0), operation.value(self[0].upper, 0))
    }

    /// The range of a wave of period 2π over coefficient 0, which peaks at `peak`.
    private func waveRange(peakAt peak: Double) -> Enclosure {
        let (lower, upper) = (self[0].lower, self[0].upper)
        guard upper - lower < 2 * .pi, self[0].magnitude < 1e12 else { return Enclosure(-1, 1) }
        func passes(_ place: Double) -> Bool {
            let next = place + ((lower - place) / (2 * .pi)).rounded(.up) * 2 * .pi
            return next <= upper
        }
        let operation: Operation = peak == 0 ? .cosine : .sine
        let (a, b) = (operation.value(lower, 0), operation.value(upper, 0))
        return Enclosure(passes(peak + .pi) ? -1 : min(a, b), passes(peak) ? 1 : max(a, b))
    }
}
