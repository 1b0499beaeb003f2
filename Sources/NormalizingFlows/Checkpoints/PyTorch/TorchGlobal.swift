/// The Python names that a pickle may mention: what a state dict needs, and the storages of other
/// element types, so that an error can say which tensor has one. All others are refused by name.
/// Nothing is imported or called; `PickleMachine+Torch.swift` has a few lines of its own for each name.
enum TorchGlobal: String, Sendable, CaseIterable {
    case orderedDict = "collections.OrderedDict"
    case rebuildTensor = "torch._utils._rebuild_tensor_v2"
    case rebuildParameter = "torch._utils._rebuild_parameter"

    case floatStorage = "torch.FloatStorage"
    case halfStorage = "torch.HalfStorage"
    case bfloat16Storage = "torch.BFloat16Storage"

    case doubleStorage = "torch.DoubleStorage"
    case longStorage = "torch.LongStorage"
    case intStorage = "torch.IntStorage"
    case shortStorage = "torch.ShortStorage"
    case charStorage = "torch.CharStorage"
    case byteStorage = "torch.ByteStorage"
    case boolStorage = "torch.BoolStorage"
    case complexFloatStorage = "torch.ComplexFloatStorage"
    case complexDoubleStorage = "torch.ComplexDoubleStorage"

    var isStorage: Bool {
        switch self {
        case .orderedDict, .rebuildTensor, .rebuildParameter: false
        default: true
        }
    }

    /// The element type, where it is one that this project reads.
    var elementType: CheckpointTensor.ElementType? {
        switch self {
        case .floatStorage: .float32
        case .halfStorage: .float16
        case .bfloat16Storage: .bfloat16
        default: nil
        }
    }
}
