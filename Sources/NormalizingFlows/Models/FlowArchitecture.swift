/// The sizes of a flow, of one kind or another.
public enum FlowArchitecture: Sendable, Hashable {
    case nice(NICEArchitecture)
    case convolutional(ConvolutionalArchitecture)

    /// What kind of density a model is.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Of whole images: additive couplings of fully connected networks.
        case nice
        /// Of whole images: invertible 1×1 convolutions and affine couplings of convolutional networks.
        case convolutional
        /// Of missing pixels given the known ones, by the same layers.
        case conditional
        /// Of square patches of photographs: a convolutional one with a single position, on the pixels as they are.
        case patches
    }

    public var kind: Kind {
        switch self {
        case .nice: .nice
        case .convolutional(let architecture):
            architecture.isOfPatches ? .patches : architecture.conditioner == nil ? .convolutional : .conditional
        }
    }

    public var isConditional: Bool { kind == .conditional }

    /// D, numbers in an image.
    public var dimension: Int {
        switch self {
        case .nice(let architecture): architecture.dimension
        case .convolutional(let architecture): architecture.dimension
        }
    }

    /// Channels of an image: 1 for grey levels.
    public var channels: Int {
        switch self {
        case .nice: 1
        case .convolutional(let architecture): architecture.channels
        }
    }

    /// Numbers that were trained.
    public var parameterCount: Int {
        switch self {
        case .nice(let architecture): architecture.parameterCount
        case .convolutional(let architecture): architecture.parameterCount
        }
    }
}
