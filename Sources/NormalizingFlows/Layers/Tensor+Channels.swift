import LinearAlgebra

extension Tensor {
    /// The channels with these indices, in this order.
    func selecting(channels: [Int]) -> Tensor {
        let positions = shape.positions
        return Tensor(shape.with(channels: channels.count)) { target in
            elements.withUnsafeBufferPointer { source in
                for image in 0..<shape.batch {
                    for (place, channel) in channels.enumerated() {
                        (target + (image * channels.count + place) * positions).initialize(
                            from: source.baseAddress! + (image * shape.channels + channel) * positions,
                            count: positions)
                    }
                }
            }
        }
    }

    /// One image of all positions of the batch: (1, channels, 1, batch · positions), so that a
    /// matrix meets all of them in one product.
    var channelMajor: Tensor {
        let flat = TensorShape(channels: shape.channels, columns: shape.batch * shape.positions)
        guard shape.batch != 1 else { return reshaped(flat) }
        return Self.exchanging(
            shape.batch, shape.channels, blocks: shape.positions, of: elements, as: flat)
    }

    /// Undoes `channelMajor`, for any number of channels.
    ///
    /// - Parameter shape: the batch and positions to go back to.
    func imageMajor(as shape: TensorShape) -> Tensor {
        guard shape.batch != 1 else { return reshaped(shape) }
        return Self.exchanging(
            shape.channels, shape.batch, blocks: shape.positions, of: elements, as: shape)
    }

    /// (outer, inner, block) → (inner, outer, block).
    private static func exchanging(
        _ outer: Int, _ inner: Int, blocks block: Int, of elements: [Double], as shape: TensorShape
    ) -> Tensor {
        Tensor(shape) { target in
            elements.withUnsafeBufferPointer { source in
                for i in 0..<inner {
                    for o in 0..<outer {
                        (target + (i * outer + o) * block).initialize(
                            from: source.baseAddress! + (o * inner + i) * block, count: block)
                    }
                }
            }
        }
    }

    /// y[:, i, j] = A x[:, i, j] + b at each position of each image.
    func mixingChannels(by weight: Matrix, adding bias: [Double]? = nil) -> Tensor {
        precondition(weight.columns == shape.channels)
        let output = shape.with(channels: weight.rows), positions = shape.positions
        return Tensor(output) { target in
            elements.withUnsafeBufferPointer { source in
                for image in 0..<shape.batch {
                    weight.apply(
                        to: source.baseAddress! + image * shape.imageSize, adding: bias,
                        into: target + image * output.imageSize, positions: positions)
                }
            }
        }
    }
}
