import CKernels
import SeededRandom
import Testing

@Suite struct AdamTests {
    private let step = ck_adam_step(
        gradient_factor: 0.5, first_decay: 0.9, first_share: 0.1, second_decay: 0.99, second_share: 0.01, step: 1e-3,
        second_factor: 3, epsilon: 1e-8, retained: 0.999, average_share: 0.01)

    /// w, m, v and the average after a step on 45 numbers; the others stay.
    private func after(_ set: ck_instruction_set, _ count: Int, gradient: Bool, averages: Bool) -> [[Float]] {
        var arrays = (10..<14).map { singles(50, stream: UInt64($0)) }
        for i in arrays[2].indices { arrays[2][i] = abs(arrays[2][i]) }
        let g = singles(50, stream: 14)
        var step = step
        var (w, m, v, average) = (arrays[0], arrays[1], arrays[2], arrays[3])
        g.withUnsafeBufferPointer { g in
            average.withUnsafeMutableBufferPointer { average in
                ck_adam(
                    set, &step, gradient ? g.baseAddress : nil, &w, &m, &v, averages ? average.baseAddress : nil, count)
            }
        }
        return [w, m, v, average]
    }

    @Test(arguments: [0, 1, 4, 15, 16, 17, 45]) func everyInstructionSetHasTheReferencesBits(count: Int) {
        for gradient in [false, true] {
            for averages in [false, true] {
                let reference = after(CK_PLAIN, count, gradient: gradient, averages: averages)
                for set in availableInstructionSets {
                    let found = after(set, count, gradient: gradient, averages: averages)
                    #expect(found.map { $0.map(\.bitPattern) } == reference.map { $0.map(\.bitPattern) })
                }
            }
        }
    }

    @Test func theStepIsTheFormulas() {
        let before = (10..<14).map { singles(50, stream: UInt64($0)) }, g = singles(50, stream: 14)
        let found = after(CK_PLAIN, 45, gradient: true, averages: true)
        for i in 0..<50 {
            guard i < 45 else {
                #expect(found[0][i] == before[0][i])
                continue
            }
            let gradient = 0.5 * Double(g[i])
            let m = 0.9 * Double(before[1][i]) + 0.1 * gradient
            let v = 0.99 * Double(abs(before[2][i])) + 0.01 * gradient * gradient
            let w = Double(before[0][i]) * 0.999 - 1e-3 * m / (v.squareRoot() * 3 + 1e-8)
            let average = Double(before[3][i]) + 0.01 * (w - Double(before[3][i]))
            for (value, expected) in zip([found[0][i], found[1][i], found[2][i], found[3][i]], [w, m, v, average]) {
                #expect(abs(Double(value) - expected) <= 4e-7 * max(abs(expected), 0.1))
            }
        }
    }
}
