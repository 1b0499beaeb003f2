import LinearAlgebra

/// What computes the answers: the program's version and the instruction set of its kernels.
///
/// It is in the `Server` field of `GET /model` and in `/metrics`, never in a body: bodies are the
/// same bytes for every instruction set.
public enum ServerIdentity {
    public static let version = "1.0.0"

    /// The name of the instruction set that the kernels run on: plain, avx2, avx512 or neon.
    public static let kernels = InstructionSet.selected.rawValue

    /// As RFC 9110, section 10.2.4, has it: a product and a comment.
    public static let serverField = "riviera/\(version) (\(kernels))"
}
