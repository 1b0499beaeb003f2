import CKernels
import Testing

@Suite struct SplineTests {
    /// 45 numbers of rows of `moved`, beyond the bound on both sides, too.
    struct Splines {
        let moved: Int, bins: Int, bound: Float = 2
        let count = 45
        var outputs: [Float]
        let x: [Float], mask: [Float], g: [Float]
        var width: Int { 3 * bins + 1 }

        init(moved: Int, bins: Int) {
            self.moved = moved
            self.bins = bins
            let rows = (count + moved - 1) / moved
            outputs = singles(rows * moved * (3 * bins + 1), stream: 40).map { 1.5 * $0 }
            x = singles(count, stream: 41).map { 2.6 * $0 }
            mask = singles(count, stream: 42).map { $0 < 0 ? 0 : 1 }
            g = singles(count, stream: 43)
        }

        func place(_ n: Int, _ q: Int) -> Int { n / moved * moved * width + q * moved + n % moved }

        private func with<Value>(masked: Bool, _ body: (ck_spline, UnsafePointer<Float>?) -> Value) -> Value {
            outputs.withUnsafeBufferPointer { outputs in
                mask.withUnsafeBufferPointer { mask in
                    body(
                        ck_spline(outputs: outputs.baseAddress, moved: moved, bins: bins, bound: bound),
                        masked ? mask.baseAddress : nil)
                }
            }
        }

        /// y, then log-scale.
        func map(_ x: [Float], masked: Bool, count: Int, on set: ck_instruction_set, back: Bool = false) -> [[Float]] {
            var y = [Float](repeating: 7, count: self.count), logScale = y
            with(masked: masked) { spline, mask in
                var spline = spline
                if back {
                    ck_spline_inverse(set, &spline, x, mask, &logScale, &y, count)
                } else {
                    ck_spline_map(set, &spline, x, mask, &logScale, &y, count)
                }
            }
            return [y, logScale]
        }

        /// With respect to x, then to the outputs.
        func slopes(masked: Bool, count: Int, on set: ck_instruction_set) -> [[Float]] {
            var g = g, slopes = [Float](repeating: 7, count: outputs.count)
            with(masked: masked) { spline, mask in
                var spline = spline
                ck_spline_slopes(set, &spline, x, mask, 0.25, &g, &slopes, count)
            }
            return [g, slopes]
        }

        /// Of one number, in double precision, by the paper's formulas.
        func exact(_ n: Int, _ x: Double, outputs: (Int) -> Double) -> (y: Double, logScale: Double) {
            func knots(_ first: Int) -> [Double] {
                let powers = (0..<bins).map { ck_exp1(outputs(first + $0)) }, sum = powers.reduce(0, +)
                var knots = [-Double(bound)]
                for power in powers {
                    knots.append(
                        knots[knots.count - 1] + 2 * Double(bound)
                            * (1e-3 + (1 - 1e-3 * Double(bins)) * power / sum))
                }
                return knots
            }
            let a = 2 * ck_tanh1(outputs(0) / 2), shift = outputs(1)
            guard abs(x) < Double(bound) else { return (x * ck_exp1(a) + shift, a) }
            let left = knots(2), bottom = knots(2 + bins)
            let k = (0..<bins).last { x >= left[$0] } ?? 0
            func slope(_ i: Int) -> Double {
                i == 0 || i == bins ? 1 : 1e-3 + ck_log1(1 + ck_exp1(outputs(2 + 2 * bins + i - 1) + 0.5413))
            }
            let width = left[k + 1] - left[k], height = bottom[k + 1] - bottom[k], s = height / width
            let t = (x - left[k]) / width, q = t * (1 - t), d0 = slope(k), d1 = slope(k + 1)
            let below = s + (d0 + d1 - 2 * s) * q
            let v = bottom[k] + height * (s * t * t + d0 * q) / below
            let derivative = s * s * (d1 * t * t + 2 * s * q + d0 * (1 - t) * (1 - t)) / (below * below)
            return (v * ck_exp1(a) + shift, ck_log1(derivative) + a)
        }
    }

    /// Rows that fill half a register, more than one, and none evenly; bins that the compiler knows and others.
    static let all = [
        Splines(moved: 8, bins: 8), Splines(moved: 32, bins: 8), Splines(moved: 5, bins: 3),
        Splines(moved: 3, bins: 32),
        Splines(moved: 1, bins: 2),
    ]

    @Test(arguments: all.indices) func everyInstructionSetHasTheReferencesBits(number: Int) {
        let splines = Self.all[number]
        for masked in [false, true] {
            for count in [0, 1, 8, 15, 16, 17, 45] {
                let map = splines.map(splines.x, masked: masked, count: count, on: CK_PLAIN)
                let back = splines.map(splines.x, masked: masked, count: count, on: CK_PLAIN, back: true)
                let slopes = splines.slopes(masked: masked, count: count, on: CK_PLAIN)
                for set in availableInstructionSets {
                    let found = splines.map(splines.x, masked: masked, count: count, on: set)
                    #expect(found.map(\.bits) == map.map(\.bits))
                    let undone = splines.map(splines.x, masked: masked, count: count, on: set, back: true)
                    #expect(undone.map(\.bits) == back.map(\.bits))
                    let slope = splines.slopes(masked: masked, count: count, on: set)
                    #expect(slope.map(\.bits) == slopes.map(\.bits))
                }
            }
        }
    }

    @Test(arguments: all.indices) func theMapIsThePapers(number: Int) {
        let splines = Self.all[number], found = splines.map(splines.x, masked: false, count: 45, on: CK_PLAIN)
        #expect(splines.x.contains { abs($0) > splines.bound } && splines.x.contains { abs($0) < splines.bound })
        for n in 0..<45 {
            let expected = splines.exact(n, Double(splines.x[n])) { Double(splines.outputs[splines.place(n, $0)]) }
            #expect(abs(Double(found[0][n]) - expected.y) < 1e-4 * max(1, abs(expected.y)))
            #expect(abs(Double(found[1][n]) - expected.logScale) < 2e-4)
        }
    }

    @Test(arguments: all.indices) func theWayBackUndoesTheMap(number: Int) {
        let splines = Self.all[number]
        for masked in [false, true] {
            let there = splines.map(splines.x, masked: masked, count: 45, on: CK_PLAIN)
            let back = splines.map(there[0], masked: masked, count: 45, on: CK_PLAIN, back: true)
            for n in 0..<45 {
                #expect(abs(back[0][n] - splines.x[n]) < 1e-3)
                #expect(abs(back[1][n] - there[1][n]) < 2e-2)
                if masked, splines.mask[n] == 0 { #expect(there[0][n] == splines.x[n] && there[1][n] == 0) }
            }
        }
    }

    /// Of Σ g y + ¼ Σ log_scale, by central differences in double precision.
    @Test(arguments: all.indices) func theSlopesAreTheLimitsOfDifferences(number: Int) {
        let splines = Self.all[number], h = 1e-6
        for masked in [false, true] {
            let found = splines.slopes(masked: masked, count: 45, on: CK_PLAIN)
            for n in 0..<45 {
                let m = masked ? Double(splines.mask[n]) : 1, x = Double(splines.x[n])
                func value(_ x: Double, _ changed: Int, _ change: Double) -> Double {
                    let (y, logScale) = splines.exact(n, x) {
                        Double(splines.outputs[splines.place(n, $0)]) + ($0 == changed ? change : 0)
                    }
                    return Double(splines.g[n]) * (x + m * (y - x)) + 0.25 * m * logScale
                }
                let slope = (value(x + h, -1, 0) - value(x - h, -1, 0)) / (2 * h)
                #expect(abs(Double(found[0][n]) - slope) < 2e-3 * max(1, abs(slope)), "x of \(n)")
                for q in 0..<splines.width {
                    let slope = (value(x, q, h) - value(x, q, -h)) / (2 * h)
                    #expect(
                        abs(Double(found[1][splines.place(n, q)]) - slope) < 2e-3 * max(1, abs(slope)),
                        "output \(q) of \(n)")
                }
            }
        }
    }

    @Test func outputsOfZeroMakeTheIdentity() {
        var splines = Splines(moved: 8, bins: 8)
        splines.outputs = splines.outputs.map { _ in 0 }
        let found = splines.map(splines.x, masked: false, count: 45, on: CK_PLAIN)
        for n in 0..<45 { #expect(abs(found[0][n] - splines.x[n]) < 1e-3 && abs(found[1][n]) < 1e-3) }
    }
}
