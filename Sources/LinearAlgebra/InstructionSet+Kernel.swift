import CKernels

/// The instruction set that this process computes with; all give the same bits.
let instructionSet = ck_selected()

/// The instruction sets that the kernels are compiled for, by the names that the environment
/// variable RIVIERA_KERNELS takes. Results have the same bytes on all of them.
public enum InstructionSet: String, Sendable, CaseIterable {
    /// Portable C, the reference.
    case plain
    /// x86-64 with AVX2, FMA and F16C.
    case avx2
    /// x86-64 with AVX-512 F, BW, DQ and VL besides.
    case avx512
    /// arm64.
    case neon

    /// Whether this machine can run it and this build has its kernels.
    public var isAvailable: Bool { ck_available(kernels) }

    /// The one that this process computes with.
    public static let selected = allCases.first { $0.kernels == instructionSet } ?? .plain

    /// Checks the value of RIVIERA_KERNELS; nil = the variable is not set.
    ///
    /// - Throws: `InstructionSetError` for a name that is unknown, or of an instruction set that
    ///   is not available here.
    public static func check(_ name: String?) throws(InstructionSetError) {
        guard let name else { return }
        guard let set = Self(rawValue: name), set.isAvailable else {
            throw InstructionSetError(name: name)
        }
    }

    private var kernels: ck_instruction_set {
        switch self {
        case .plain: CK_PLAIN
        case .avx2: CK_AVX2
        case .avx512: CK_AVX512
        case .neon: CK_NEON
        }
    }
}

/// A value of RIVIERA_KERNELS that names no available instruction set.
public struct InstructionSetError: Error, CustomStringConvertible {
    public let name: String

    public var description: String {
        let available = InstructionSet.allCases.filter(\.isAvailable).map(\.rawValue)
        let problem = InstructionSet(rawValue: name) == nil
            ? "which is not an instruction set" : "which this machine does not have"
        return "RIVIERA_KERNELS is “\(name.prefix(60))”, \(problem); "
            + "available here: \(available.joined(separator: ", "))"
    }
}
