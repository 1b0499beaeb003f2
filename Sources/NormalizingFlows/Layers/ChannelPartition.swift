/// How a coupling divides the channels: some are kept and steer how the others are transformed.
public struct ChannelPartition: Sendable, Hashable {
    public enum Part: Sendable, Hashable {
        case first, second
    }

    /// The channels that stay as they are, in rising order.
    public let kept: [Int]
    /// The channels that the kept ones transform, in rising order.
    public let transformed: [Int]

    /// The channels below the middle are the first part, the others the second.
    public static func halves(of channels: Int, transforming part: Part = .second) -> Self {
        Self(Array(0..<channels / 2), Array(channels / 2..<channels), transforming: part)
    }

    /// The even-indexed channels are the first part, the odd-indexed ones the second.
    public static func interleaved(_ channels: Int, transforming part: Part = .second) -> Self {
        Self(
            Array(stride(from: 0, to: channels, by: 2)),
            Array(stride(from: 1, to: channels, by: 2)), transforming: part)
    }

    private init(_ first: [Int], _ second: [Int], transforming part: Part) {
        (kept, transformed) = part == .second ? (first, second) : (second, first)
    }

    public var channels: Int { kept.count + transformed.count }

    /// Throws where `input` has another number of channels.
    func require(_ input: TensorShape) throws(LayerError) {
        guard input.channels == channels else {
            throw LayerError("input", reason: "must have \(channels) channels, not \(input.channels)")
        }
    }

    func split(_ x: Tensor) -> (kept: Tensor, transformed: Tensor) {
        precondition(x.shape.channels == channels)
        return (x.selecting(channels: kept), x.selecting(channels: transformed))
    }

    func join(kept: Tensor, transformed: Tensor) -> Tensor {
        let shape = kept.shape.with(channels: channels), positions = shape.positions
        precondition(transformed.shape == shape.with(channels: self.transformed.count))
        return Tensor(shape) { target in
            for (part, channels) in [(kept, self.kept), (transformed, self.transformed)] {
                part.elements.withUnsafeBufferPointer { source in
                    for image in 0..<shape.batch {
                        for (place, channel) in channels.enumerated() {
                            (target + (image * shape.channels + channel) * positions).initialize(
                                from: source.baseAddress!
                                    + (image * channels.count + place) * positions,
                                count: positions)
                        }
                    }
                }
            }
        }
    }
}
