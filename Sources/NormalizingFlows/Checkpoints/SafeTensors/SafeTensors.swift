/// The safetensors format: the length of a JSON header in eight bytes, the header, and one buffer
/// with the numbers of all tensors, without holes (huggingface/safetensors, README and `tensor.rs`).
enum SafeTensors {
    /// The longest header that the format allows, in bytes.
    static let longestHeader = 100_000_000
    /// The header's entry that is not a tensor: a dictionary of strings.
    static let metadataKey = "__metadata__"

    /// A tensor as the header describes it.
    struct Entry: Sendable, Equatable {
        var name: String
        var type: String
        var shape: [Int]
        /// From its first byte to past its last, in the buffer.
        var offsets: [Int]
    }
}

extension CheckpointTensor.ElementType {
    init?(safeTensorsName name: String) {
        guard let type = Self.allCases.first(where: { $0.safeTensorsName == name }) else { return nil }
        self = type
    }

    /// As safetensors calls it.
    var safeTensorsName: String {
        switch self {
        case .float32: "F32"
        case .float16: "F16"
        case .bfloat16: "BF16"
        }
    }
}
