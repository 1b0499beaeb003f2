import CKernels
import SeededRandom
import Testing

/// Chains against the kernels of single operations, which they put together.
@Suite struct ChainTests {
    private static let special: [Double] = [
        0, -0.0, 1, -1, .infinity, -.infinity, .nan, .leastNonzeroMagnitude, -.greatestFiniteMagnitude, 0.1, 3, -7.5,
    ]
    /// Blocks of 5 × 144 elements: all pairs of special values in two of them, ordinary numbers in the rest.
    private static let count = special.count * special.count
    private static let stride = 144
    private static let memory: [Double] =
        special.flatMap { value in special.map { _ in value } } + special.flatMap { _ in special }
        + doubles(3 * stride, stream: 1)

    private func same(_ a: Double, _ b: Double) -> Bool { a.isNaN && b.isNaN || a.bitPattern == b.bitPattern }

    private func run(_ steps: [ck_chain_step], _ set: ck_instruction_set, count: Int = count) -> [Double] {
        var memory = Self.memory
        memory.withUnsafeMutableBufferPointer {
            ck_chain(set, steps, steps.count, $0.baseAddress, Self.stride, 4, count)
        }
        return Array(memory[4 * Self.stride..<4 * Self.stride + count])
    }

    private func block(_ index: Int) -> ArraySlice<Double> {
        Self.memory[index * Self.stride..<(index + 1) * Self.stride]
    }

    private func step(_ operation: ck_chain_operation, _ top: UInt8, _ m: UInt32 = 0, _ k: UInt32 = 0) -> ck_chain_step
    {
        ck_chain_step(operation: UInt8(truncatingIfNeeded: operation.rawValue), top: top, m: m, k: k)
    }

    private typealias Binary = @Sendable (Double, Double) -> Double
    private static let binary: [(ck_chain_operation, ck_chain_operation?, ck_chain_operation, Binary)] = [
        (CK_ADD, nil, CK_ADD_TOP, { $0 + $1 }),
        (CK_SUBTRACT, CK_SUBTRACT_FROM, CK_SUBTRACT_TOP, { $0 - $1 }),
        (CK_MULTIPLY, nil, CK_MULTIPLY_TOP, { $0 * $1 }),
        (CK_DIVIDE, CK_DIVIDE_INTO, CK_DIVIDE_TOP, { $0 / $1 }),
        (CK_MINIMUM, CK_MINIMUM_FROM, CK_MINIMUM_TOP, { $0.isNaN || $1.isNaN ? .nan : ($0 <= $1 ? $0 : $1) }),
        (CK_MAXIMUM, CK_MAXIMUM_FROM, CK_MAXIMUM_TOP, { $0.isNaN || $1.isNaN ? .nan : ($0 >= $1 ? $0 : $1) }),
        (
            CK_LESS_OR_EQUAL, CK_LESS_OR_EQUAL_FROM, CK_LESS_OR_EQUAL_TOP,
            { $0.isNaN || $1.isNaN ? .nan : ($0 <= $1 ? 1 : 0) }
        ),
    ]

    @Test(arguments: availableInstructionSets) func twoOperandsGiveWhatIEEESays(set: ck_instruction_set) {
        for (index, (ahead, reversed, two, reference)) in Self.binary.enumerated() {
            for top in UInt8(0)...2 {
                // Other values below, where there are any.
                let below = (0..<top).map { step(CK_LOAD, $0, 2) }
                let fold = (0..<top).reversed().map { step(CK_MINIMUM_TOP, $0 + 1) }
                func check(_ steps: [ck_chain_step], _ what: String) {
                    let y = run(below + steps + fold, set)
                    for i in 0..<Self.count {
                        var expected = reference(block(0)[i], block(1)[Self.stride + i])
                        for _ in 0..<top {
                            let other = block(2)[2 * Self.stride + i]
                            expected = expected.isNaN ? .nan : (other <= expected ? other : expected)
                        }
                        #expect(same(y[i], expected), "\(what) \(index) at \(top), element \(i)")
                    }
                }
                check([step(CK_LOAD, top, 0), step(ahead, top, 1)], "ahead")
                if let reversed { check([step(CK_LOAD, top, 1), step(reversed, top, 0)], "reversed") }
                if top < 2 { check([step(CK_LOAD, top, 0), step(CK_LOAD, top + 1, 1), step(two, top + 1)], "two") }
            }
        }
    }

    @Test(arguments: availableInstructionSets) func oneOperandGivesWhatIEEESays(set: ck_instruction_set) {
        let unary: [(ck_chain_operation, (Double) -> Double)] = [
            (CK_NEGATE, { -$0 }), (CK_ABSOLUTE, { $0.magnitude }), (CK_SQUARE, { $0 * $0 }),
            (CK_SIGN, { $0 > 0 ? 1 : ($0 < 0 ? -1 : $0) }), (CK_SQUARE_ROOT, { $0.squareRoot() }),
            (CK_POSITIVE_RECIPROCAL, { $0 > 0 ? 1 / $0 : .nan }),
        ]
        for (operation, reference) in unary {
            let alone = run([step(CK_LOAD, 0, 1), step(operation, 0)], set)
            for i in 0..<Self.count { #expect(same(alone[i], reference(Self.special[i % Self.special.count]))) }
            for top in UInt8(1)...2 {
                let below = (0..<top).map { step(CK_LOAD, $0, 2) }
                let fold = (0..<top).reversed().map { step(CK_ADD_TOP, $0 + 1) }
                let y = run(below + [step(CK_LOAD, top, 3), step(operation, top)] + fold, set)
                for i in 0..<Self.count {
                    let other = block(2)[2 * Self.stride + i]
                    var expected = reference(block(3)[3 * Self.stride + i])
                    for _ in 0..<top { expected = other + expected }
                    #expect(same(y[i], expected))
                }
            }
        }
    }

    @Test(arguments: availableInstructionSets) func productsAreRoundedBeforeTheyAreAdded(set: ck_instruction_set) {
        for (operation, sign) in [(CK_ADD_PRODUCT, 1.0), (CK_SUBTRACT_PRODUCT, -1)] {
            let y = run([step(CK_LOAD, 0, 2), step(operation, 0, 3, 3)], set)
            for i in 0..<Self.count {
                let x = block(3)[3 * Self.stride + i], product = x * x
                #expect(y[i] == block(2)[2 * Self.stride + i] + sign * product)
            }
        }
    }

    @Test(arguments: availableInstructionSets) func aSelectionFollowsItsCondition(set: ck_instruction_set) {
        let y = run([step(CK_LOAD, 0, 1), step(CK_LOAD, 1, 0), step(CK_LOAD, 2, 2), step(CK_SELECT, 2)], set)
        for i in 0..<Self.count {
            let condition = block(1)[Self.stride + i]
            let taken = condition != 0 ? block(0)[i] : block(2)[2 * Self.stride + i]
            #expect(same(y[i], condition.isNaN ? .nan : taken))
        }
    }

    /// Elements before a whole group, after it, and none.
    @Test(arguments: availableInstructionSets) func everyLengthIsThatOfTheReference(set: ck_instruction_set) {
        let steps = [
            step(CK_LOAD, 0, 2), step(CK_ADD_PRODUCT, 0, 3, 2), step(CK_LOAD, 1, 3), step(CK_SQUARE, 1),
            step(CK_DIVIDE_TOP, 1), step(CK_SQUARE_ROOT, 0),
        ]
        let whole = run(steps, CK_PLAIN)
        for count in [0, 1, 7, 8, 9, 63, 64, 65, 127, 128, 129, 144] {
            let y = run(steps, set, count: count)
            #expect(zip(y, whole).allSatisfy(same))
            #expect(y.count == count)
        }
    }

    @Test(arguments: availableInstructionSets) func theResultMayTakeTheFirstOperandsPlace(set: ck_instruction_set) {
        var memory = Self.memory
        let steps = [step(CK_LOAD, 0, 2), step(CK_MULTIPLY, 0, 3), step(CK_ADD, 0, 2)]
        memory.withUnsafeMutableBufferPointer { ck_chain(set, steps, steps.count, $0.baseAddress, Self.stride, 2, 144) }
        #expect(Array(memory[2 * Self.stride..<3 * Self.stride]) == run(steps, CK_PLAIN))
    }
}
