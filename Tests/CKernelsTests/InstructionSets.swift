import CKernels
import Testing

/// The instruction sets that this machine can run, the plain reference among them: each test of a
/// kernel compares the bits of all of them.
let availableInstructionSets = [CK_PLAIN, CK_AVX2, CK_AVX512, CK_NEON].filter(ck_available)

extension ck_instruction_set: @retroactive CustomTestStringConvertible {
    public var testDescription: String {
        switch self {
        case CK_PLAIN: "plain"
        case CK_AVX2: "avx2"
        case CK_AVX512: "avx512"
        default: "neon"
        }
    }
}
