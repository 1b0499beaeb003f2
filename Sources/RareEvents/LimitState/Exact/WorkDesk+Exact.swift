import Statistics

extension WorkDesk {
    /// The probability by root finding along one variable and adaptive quadrature over the other, for at most two variables; nil
    /// where the two orders of doing so disagree, or the quadrature does not settle. Up to a million evaluations, which count
    /// towards nothing.
    func exactProbability() async throws -> Double? {
        let near = try await exactProbability(within: Self.reach)
        guard problem.inputs.count <= 2, near.map({ !Self.isPlausible($0) }) ?? false else { return near }
        // The event begins farther out, if anywhere: lines as far as normal tails are numbers.
        let far = try await exactProbability(within: Self.farthest)
        return far.flatMap { $0 == 0 || $0 > 1e-300 ? $0 : nil }
    }

    /// The same for what is within a distance along each variable; nil where it does not settle.
    private func exactProbability(within reach: Double) async throws -> Double? {
        switch problem.inputs.count {
        case 1:
            let half = reach == Self.reach ? 2048 : 8192
            let grid = (0...2 * half).map { reach * (Double($0) / Double(half) - 1) }
            let line = LineRoots.Line(origin: [0], direction: [1], grid: grid)
            let p = try await LineRoots.sections(self, [line], isCounted: false)[0].mass(Self.normalMass)
            tell(.exact)
            return p
        case 2:
            guard let first = try await quadrature(along: 1, within: reach),
                let second = try await quadrature(along: 0, within: reach)
            else { return nil }
            tell(.exact)
            let mean = (first + second) / 2
            // What is too small for this reach is looked at with a longer one.
            if reach == Self.reach, !Self.isPlausible(mean) { return 0 }
            guard (first - second).magnitude <= 1e-4 * mean || first == second else { return nil }
            return mean
        default: return nil
        }
    }

    /// Lines end here: beyond are 2·10⁻¹⁹ of the distribution.
    private static let reach = 9.0

    /// Farther out normal tails are no doubles any more.
    private static let farthest = 37.5

    /// Whether the nearer lines can tell such a probability.
    private static func isPlausible(_ p: Double) -> Bool { p > 1e-14 }

    /// P(from < Z < to), Z standard normal, from the nearer tail.
    static func normalMass(_ from: Double, _ to: Double) -> Double {
        let normal = ElementaryFunction.normalCDF
        return from > 0 ? normal(-from) - normal(-to) : normal(to) - normal(from)
    }

    private struct Panel {
        let low: Double
        let high: Double
        var integral = 0.0
        var error = 0.0
    }

    /// ∫ φ(t) P(event | other variable = t) dt, by the 7- and 15-point rules of Gauss and Kronrod on panels that are halved where
    /// the two differ.
    private func quadrature(along inner: Int, within reach: Double) async throws -> Double? {
        var panels: [Panel] = [],
            pending = (0..<Int(4 * reach)).map { i in
                Panel(low: -reach + Double(i) / 2, high: -reach + Double(i + 1) / 2)
            }
        let half = reach == Self.reach ? 64 : 256
        let grid = (0...2 * half).map { reach * (Double($0) / Double(half) - 1) }
        var evaluated = 0
        while !pending.isEmpty {
            evaluated += pending.count
            guard evaluated <= 900 else { return nil }
            for start in Swift.stride(from: 0, to: pending.count, by: 16) {
                var batch = Array(pending[start..<min(start + 16, pending.count)])
                var lines: [LineRoots.Line] = []
                for panel in batch {
                    for node in GaussKronrod.nodes {
                        let t = panel.low + (panel.high - panel.low) * (node + 1) / 2
                        lines.append(
                            LineRoots.Line(
                                origin: inner == 0 ? [0, t] : [t, 0], direction: inner == 0 ? [1, 0] : [0, 1],
                                grid: grid))
                    }
                }
                let sections = try await LineRoots.sections(self, lines, isCounted: false)
                for k in batch.indices {
                    var fine = 0.0, coarse = 0.0
                    for (i, node) in GaussKronrod.nodes.enumerated() {
                        let t = batch[k].low + (batch[k].high - batch[k].low) * (node + 1) / 2
                        let value = sections[k * 15 + i].mass(Self.normalMass) * NormalDistribution.standard.density(t)
                        fine += GaussKronrod.weights[i] * value
                        coarse += GaussKronrod.embedded[i] * value
                    }
                    let half = (batch[k].high - batch[k].low) / 2
                    batch[k].integral = fine * half
                    batch[k].error = (fine - coarse).magnitude * half
                }
                panels += batch
            }
            pending = []
            let total = panels.reduce(0) { $0 + $1.integral }, error = panels.reduce(0) { $0 + $1.error }
            guard error > 1e-5 * total else { return total }
            // The roughest, until what is left is within the tolerance.
            panels.sort { $0.error < $1.error }
            var left = error, rough: [Panel] = []
            while left > 0.5e-5 * total, let panel = panels.popLast() {
                left -= panel.error
                rough.append(panel)
            }
            for panel in rough {
                let middle = panel.low + (panel.high - panel.low) / 2
                // Panels too narrow to halve hold a jump of no width.
                guard panel.high - panel.low > 1e-9 else {
                    panels.append(Panel(low: panel.low, high: panel.high, integral: panel.integral))
                    continue
                }
                pending.append(Panel(low: panel.low, high: middle))
                pending.append(Panel(low: middle, high: panel.high))
            }
        }
        return panels.reduce(0) { $0 + $1.integral }
    }
}

/// The 15 nodes of Kronrod's rule on [−1, 1], its weights, and those of Gauss's rule of 7 (0 elsewhere).
enum GaussKronrod {
    private static let half: [(node: Double, weight: Double, embedded: Double)] = [
        (0.991_455_371_120_812_639_207, 0.022_935_322_010_529_224_963_732, 0),
        (0.949_107_912_342_758_524_526, 0.063_092_092_629_978_553_290_700, 0.129_484_966_168_869_693_270_611),
        (0.864_864_423_359_769_072_789, 0.104_790_010_322_250_183_839_876, 0),
        (0.741_531_185_599_394_439_863, 0.140_653_259_715_525_918_745_189, 0.279_705_391_489_276_667_901_467),
        (0.586_087_235_467_691_130_294, 0.169_004_726_639_267_902_826_583, 0),
        (0.405_845_151_377_397_166_906, 0.190_350_578_064_785_409_913_256, 0.381_830_050_505_118_944_950_369),
        (0.207_784_955_007_898_467_600, 0.204_432_940_075_298_892_414_161, 0),
    ]
    static let nodes = half.map { -$0.node } + [0] + half.reversed().map(\.node)
    static let weights = half.map(\.weight) + [0.209_482_141_084_727_828_012_999] + half.reversed().map(\.weight)
    static let embedded = half.map(\.embedded) + [0.417_959_183_673_469_387_755_102] + half.reversed().map(\.embedded)
}
