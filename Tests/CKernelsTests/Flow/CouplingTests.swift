import CKernels
import Testing

@Suite struct CouplingTests {
    private static let most = 45
    private let r = singles(most, stream: 20).map { 3 * $0 }
    private let t = singles(most, stream: 21)
    private let x = singles(most, stream: 22)
    private let mask = singles(most, stream: 23).map { Float($0 < 0 ? 0 : 1) }

    /// Log-scale, scale, result.
    private func couple(_ set: ck_instruction_set, _ count: Int, masked: Bool) -> [[Float]] {
        var result = [[Float]](repeating: [Float](repeating: 7, count: Self.most), count: 3)
        mask.withUnsafeBufferPointer { mask in
            var (logScale, scale, y) = (result[0], result[1], result[2])
            ck_couple(set, r, t, x, masked ? mask.baseAddress : nil, &logScale, &scale, &y, count)
            result = [logScale, scale, y]
        }
        return result
    }

    /// Result and log-scale.
    private func uncouple(_ set: ck_instruction_set, _ y: [Float], _ count: Int, masked: Bool) -> [[Float]] {
        var result = y, logScale = [Float](repeating: 7, count: Self.most)
        mask.withUnsafeBufferPointer { mask in
            result.withUnsafeMutableBufferPointer { result in
                guard let place = result.baseAddress else { return }
                ck_uncouple(set, r, t, place, masked ? mask.baseAddress : nil, &logScale, place, count)
            }
        }
        return [result, logScale]
    }

    /// The gradients with respect to r, t and x.
    private func slopes(_ set: ck_instruction_set, _ count: Int, masked: Bool) -> [[Float]] {
        let coupled = couple(set, Self.most, masked: masked)
        var g = singles(Self.most, stream: 24), rSlope = [Float](repeating: 7, count: Self.most), tSlope = rSlope
        mask.withUnsafeBufferPointer { mask in
            ck_couple_slopes(
                set, x, masked ? mask.baseAddress : nil, coupled[0], coupled[1], 0.25, &g, &rSlope, &tSlope, count)
        }
        return [rSlope, tSlope, g]
    }

    @Test(arguments: [0, 1, 4, 15, 16, 17, 45]) func everyInstructionSetHasTheReferencesBits(count: Int) {
        for masked in [false, true] {
            let coupled = couple(CK_PLAIN, count, masked: masked), slope = slopes(CK_PLAIN, count, masked: masked)
            let back = uncouple(CK_PLAIN, x, count, masked: masked)
            for set in availableInstructionSets {
                #expect(couple(set, count, masked: masked).map(\.bits) == coupled.map(\.bits))
                #expect(slopes(set, count, masked: masked).map(\.bits) == slope.map(\.bits))
                #expect(uncouple(set, x, count, masked: masked).map(\.bits) == back.map(\.bits))
            }
        }
    }

    @Test(arguments: [false, true]) func theWayBackUndoesTheCoupling(masked: Bool) {
        let coupled = couple(CK_PLAIN, Self.most, masked: masked), y = coupled[2]
        let undone = uncouple(CK_PLAIN, y, Self.most, masked: masked), back = undone[0]
        #expect(undone[1] == coupled[0])
        for i in x.indices {
            #expect(abs(back[i] - x[i]) < 1e-5)
            if masked, mask[i] == 0 { #expect(y[i] == x[i]) }
        }
    }

    /// Of Σ g y + ¼ Σ log_scale, by central differences in double precision.
    @Test(arguments: [false, true]) func theSlopesAreTheLimitsOfDifferences(masked: Bool) {
        let found = slopes(CK_PLAIN, Self.most, masked: masked), g = singles(Self.most, stream: 24)
        for i in x.indices {
            func value(_ r: Double, _ t: Double, _ x: Double) -> Double {
                let m = masked ? Double(mask[i]) : 1, a = 2 * ck_tanh1(r / 2)
                return Double(g[i]) * (x + m * (x * (ck_exp1(a) - 1) + t)) + 0.25 * m * a
            }
            let at = (Double(r[i]), Double(t[i]), Double(x[i])), h = 1e-5
            let expected = [
                value(at.0 + h, at.1, at.2) - value(at.0 - h, at.1, at.2),
                value(at.0, at.1 + h, at.2) - value(at.0, at.1 - h, at.2),
                value(at.0, at.1, at.2 + h) - value(at.0, at.1, at.2 - h),
            ].map { $0 / (2 * h) }
            for (a, b) in zip(found, expected) { #expect(abs(Double(a[i]) - b) < 1e-5 * max(1, abs(b))) }
        }
    }
}
