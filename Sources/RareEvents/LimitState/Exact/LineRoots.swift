import Statistics

/// Lines through standard normal space along which the event is found: where the margin changes its sign between grid points,
/// a root is closed in on. Many lines advance together, so that evaluations come in blocks.
struct LineRoots: Sendable {
    /// A point on the line at parameter t is origin + t·direction.
    struct Line: Sendable {
        let origin: [Double]
        let direction: [Double]
        /// Ascending.
        let grid: [Double]
    }

    /// For each line, the parameters at which the event begins or ends, ascending, and whether the line begins in it.
    struct Section: Sendable {
        var beginsInside: Bool
        var roots: [Double]

        /// Whether t is in the event.
        func contains(_ t: Double) -> Bool {
            var inside = beginsInside
            for root in roots where root < t { inside.toggle() }
            return inside
        }

        /// Σ over the event's intervals of `mass(from, to)`; ends are ±∞.
        func mass(_ mass: (Double, Double) -> Double) -> Double {
            var sum = 0.0, start = beginsInside ? -Double.infinity : nil
            for root in roots {
                if let from = start {
                    sum += mass(from, root)
                    start = nil
                } else {
                    start = root
                }
            }
            if let from = start { sum += mass(from, .infinity) }
            return sum
        }
    }

    private static let refinements = 48
    /// Roots are known this well.
    private static let resolution = 1e-10

    /// Three parameters with the same side and the least magnitude in the middle.
    private struct Dip {
        let line: Int
        let t: [Double]
        let values: [Double]

        /// Of the parabola through the three; the middle of the wider half where there is none apart from them.
        var vertex: Double {
            let (a, b) = (t[1] - t[0], t[2] - t[1]), (p, q) = (values[1] - values[0], values[2] - values[1])
            let at = t[1] + (p * b * b + q * a * a) / (2 * (p * b - q * a))
            let least = 0.02 * (t[2] - t[0])
            if at > t[0] + least, at < t[2] - least, (at - t[1]).magnitude > 0.01 * least { return at }
            return b > a ? t[1] + b / 2 : t[0] + a / 2
        }

        /// Of the wider half. Beside a jump a vertex stays on one side of the least value, and never looks into the other half.
        var middle: Double { t[2] - t[1] > t[1] - t[0] ? t[1] + (t[2] - t[1]) / 2 : t[0] + (t[1] - t[0]) / 2 }

        /// What a value of the other side makes of it, at a trial between its ends.
        func brackets(_ value: Double, at trial: Double) -> [Bracket] {
            let isLeft = trial < t[1]
            let low = isLeft ? 0 : 1, high = isLeft ? 1 : 2
            return [
                Bracket(line: line, low: t[low], high: trial, atLow: values[low], atHigh: value),
                Bracket(line: line, low: trial, high: t[high], atLow: value, atHigh: values[high]),
            ]
        }

        /// What a value of the same side makes of it; nil where it is too narrow to matter.
        func narrowed(_ value: Double, at trial: Double) -> Dip? {
            guard t[2] - t[0] > 1e-6 else { return nil }
            let all = ([(trial, value)] + zip(t, values)).sorted { $0.0 < $1.0 }
            let k = all[1].1.magnitude < all[2].1.magnitude ? 1 : 2
            return Dip(line: line, t: all[k - 1...k + 1].map(\.0), values: all[k - 1...k + 1].map(\.1))
        }
    }

    /// Between two parameters of a line with the event on one side.
    private struct Bracket {
        let line: Int
        var low: Double
        var high: Double
        var atLow: Double
        var atHigh: Double
        var trial = Double.nan
        var before = Double.nan

        /// Where to look next.
        mutating func next(_ step: Int) -> Double {
            before = trial
            trial = low + (high - low) / 2
            // Values that say where; every fourth step halves whatever they say.
            if step % 4 != 3, atLow.isFinite, atHigh.isFinite, atLow != atHigh {
                let secant = low - atLow * (high - low) / (atHigh - atLow)
                if secant > low, secant < high { trial = secant }
            }
            return trial
        }

        /// Takes in the margin there, and returns how well the root is known.
        mutating func take(_ margin: Double) -> Double {
            if margin == 0 { return 0 }
            if (margin <= 0) == (atLow <= 0) {
                low = trial
                atLow = margin
                atHigh /= 2
            } else {
                high = trial
                atHigh = margin
                atLow /= 2
            }
            let moved = before.isNaN ? .infinity : (trial - before).magnitude
            return min(high - low, moved)
        }
    }

    /// - Parameters:
    ///   - isCounted: whether these evaluations belong to the estimate's: if so, they end where fewer than `reserve` would remain,
    ///     and a root is as well known as it then is.
    static func sections(
        _ desk: WorkDesk, _ lines: [Line], isCounted: Bool, reserve: Int = 0
    ) async throws -> [Section] {
        func mayEvaluate(_ count: Int) -> Bool { !isCounted || desk.remaining >= UInt64(count + reserve) }
        let d = desk.problem.inputs.count
        var points = Points(dimension: d)
        points.coordinates.reserveCapacity(d * lines.reduce(0) { $0 + $1.grid.count })
        for line in lines {
            for t in line.grid { for j in 0..<d { points.coordinates.append(line.origin[j] + t * line.direction[j]) } }
        }
        let margins = try await desk.margins(at: points, leniently: true, isCounted: isCounted)
        var brackets: [Bracket] = [], found: [(line: Int, root: Double)] = [], sections: [Section] = []
        var dips: [Dip] = []
        var next = 0
        for (l, line) in lines.enumerated() {
            let values = margins[next..<next + line.grid.count].map { $0 }
            next += line.grid.count
            sections.append(Section(beginsInside: (values.first ?? 1) <= 0, roots: []))
            for k in values.indices.dropFirst() {
                if (values[k] <= 0) != (values[k - 1] <= 0) {
                    brackets.append(
                        Bracket(
                            line: l, low: line.grid[k - 1], high: line.grid[k], atLow: values[k - 1], atHigh: values[k])
                    )
                } else if k > 1, (values[k - 2] <= 0) == (values[k] <= 0),
                    values[k - 1].magnitude < values[k].magnitude,
                    values[k - 1].magnitude <= values[k - 2].magnitude
                {
                    dips.append(Dip(line: l, t: Array(line.grid[k - 2...k]), values: Array(values[k - 2...k])))
                }
            }
        }
        // Between grid points the margin may touch 0, or pass it twice.
        for round in 0..<(isCounted ? 3 : 16) where !dips.isEmpty && mayEvaluate(dips.count) {
            var trials = Points(dimension: d)
            let parameters = dips.map { isCounted || round.isMultiple(of: 2) ? $0.vertex : $0.middle }
            for (dip, t) in zip(dips, parameters) {
                let line = lines[dip.line]
                for j in 0..<d { trials.coordinates.append(line.origin[j] + t * line.direction[j]) }
            }
            let values = try await desk.margins(at: trials, leniently: true, isCounted: isCounted)
            var open: [Dip] = []
            for ((dip, t), value) in zip(zip(dips, parameters), values) {
                if (value <= 0) != (dip.values[1] <= 0) {
                    brackets += dip.brackets(value, at: t)
                } else if let narrower = dip.narrowed(value, at: t) {
                    open.append(narrower)
                }
            }
            dips = open
        }
        // The Illinois method: regula falsi that halves the value of an end that stays.
        for step in 0..<refinements {
            guard !brackets.isEmpty, mayEvaluate(brackets.count) else { break }
            var trials = Points(dimension: d)
            trials.coordinates.reserveCapacity(brackets.count * d)
            for k in brackets.indices {
                let t = brackets[k].next(step), line = lines[brackets[k].line]
                for j in 0..<d { trials.coordinates.append(line.origin[j] + t * line.direction[j]) }
            }
            let margins = try await desk.margins(at: trials, leniently: true, isCounted: isCounted)
            var open: [Bracket] = []
            for (var bracket, margin) in zip(brackets, margins) {
                if bracket.take(margin) < resolution {
                    found.append((bracket.line, bracket.trial))
                } else {
                    open.append(bracket)
                }
            }
            brackets = open
        }
        for bracket in brackets { found.append((bracket.line, bracket.low + (bracket.high - bracket.low) / 2)) }
        for (line, root) in found { sections[line].roots.append(root) }
        for l in sections.indices { sections[l].roots.sort() }
        return sections
    }
}
