import LinearAlgebra
import Statistics

/// An invertible 1×1 convolution whose weight depends on the other half of the channels:
/// for x in R^{2c×m×n}, z[:c] = x[:c] and z[c:] = A x[c:] + t with A = P L (U + diag(s)), where L,
/// U, s and, if wanted, t come from x[:c] through a small network.
///
/// z[c:] is linear in x[c:] once x[:c] is given, so the Jacobian is block triangular with the
/// identity in the kept block, and det ∂z/∂x is that of ∂z[c:]/∂x[c:]: how x[:c] enters A does
/// not matter. What matters is whether A is the same everywhere:
/// - `pooled`: the network sees the mean of x[:c] over the positions and gives one A for the whole
///   image. Then log|det| = m·n·Σ_i log|s_i|, as of `InvertibleConvolution`, for this image's s.
/// - `perPosition`: the network sees the channels of each position and gives each its own A. Then
///   log|det| = Σ_positions Σ_i log|s_i(position)|. (A that at (i, j) depended on x[c:] elsewhere
///   would break the triangle, on x[:c] anywhere would not.)
///
/// With L = I, U = 0 and A per position this is an affine coupling, with s = 1 too an additive
/// one. Without t the same couplings appear when a channel of x[c:] is constant 1: its column of
/// L is then the shift.
public struct ConditionalInvertibleConvolution: FlowLayer {
    /// Which numbers of the kept half A depends on.
    public enum Dependence: Sendable, Hashable {
        case pooled, perPosition
    }

    /// What the network's outputs are offsets to: at 0 this is the convolution.
    public let base: PLUWeight
    public let dependence: Dependence
    /// From c channels to c²: number (i, k), row by row, moves L below the diagonal, U above it and
    /// log|s| on it; then, if it has c² + c outputs, t.
    public private(set) var network: ChannelNetwork

    /// - Throws: `LayerError` by the name `network` where it joins other numbers of channels.
    public init(
        base: PLUWeight, network: ChannelNetwork, dependence: Dependence
    ) throws(LayerError) {
        let c = base.channels
        guard network.inputs == c, network.outputs == c * c || network.outputs == c * c + c else {
            throw LayerError(
                "network",
                reason: "must map \(c) channels to \(c * c), or to \(c * c + c) with a shift, not "
                    + "\(network.inputs) to \(network.outputs)")
        }
        self.base = base
        self.network = network
        self.dependence = dependence
    }

    /// c, half of the image's channels.
    public var channels: Int { base.channels }
    /// Whether the network gives t.
    var shifts: Bool { network.outputs > channels * channels }

    var partition: ChannelPartition { .halves(of: 2 * channels) }

    public func outputShape(for input: TensorShape) throws(LayerError) -> TensorShape {
        try partition.require(input)
        return input
    }

    /// The sign of det ∂z/∂x for images of `positions` positions: the network moves no sign.
    public func determinantSign(positions: Int) -> Int {
        positions.isMultiple(of: 2) ? 1 : base.determinantSign
    }

    /// The weights that apply to x, or to z: one an image, or one a position, image by image.
    /// O(c³) each; the layer itself forms them in `pooled` form only.
    public func weights(at x: Tensor) -> [PLUWeight] {
        offsets(at: x).map { base.offset(by: Array($0.prefix(channels * channels))) }
    }

    /// Throws where the network makes an s for x, or z, that is 0, not finite or ill-conditioned
    /// as `PLUWeight.smallestRelativeScale` says, or says anything that is not finite. Costs a
    /// pass through the network; nothing else checks what it says.
    public func requireInvertible(at x: Tensor) throws(LayerError) {
        for numbers in offsets(at: x) {
            try numbers.requireFinite("network", "outputs")
            let diagonal = (0..<channels).map { numbers[$0 * channels + $0] }
            try PLUWeight.requireInvertible(
                zip(base.scale, ElementaryFunction.exp(diagonal)).map { $0 * $1 }, count: channels)
        }
    }

    /// What the network says of each image, or of each position.
    private func offsets(at x: Tensor) -> [[Double]] {
        let output = network.forward(conditions(partition.split(x).kept)).output
        let positions = output.shape.positions
        return (0..<output.shape.batch * positions).map { index in
            let first = index / positions * output.shape.imageSize + index % positions
            return (0..<network.outputs).map { output.elements[first + $0 * positions] }
        }
    }

    /// What the network sees of the kept half: all of it, or its mean (batch, c, 1, 1).
    func conditions(_ kept: Tensor) -> Tensor {
        guard dependence == .pooled else { return kept }
        let shape = kept.shape, positions = shape.positions
        return Tensor(TensorShape(batch: shape.batch, channels: shape.channels)) { target in
            for plane in 0..<shape.batch * shape.channels {
                let numbers = kept.elements[plane * positions..<(plane + 1) * positions]
                target[plane] = numbers.reduce(0, +) / Double(positions)
            }
        }
    }

    public func encode(_ x: Tensor) -> Encoding {
        let (kept, moved) = partition.split(x)
        let (offsets, activations) = network.forward(conditions(kept))
        let (transformed, logAbsDet) = transform(moved, offsets: offsets)
        return Encoding(
            output: partition.join(kept: kept, transformed: transformed),
            logAbsDetJacobian: logAbsDet,
            trace: LayerTrace(input: x, intermediates: activations + [offsets]))
    }

    public func decode(_ z: Tensor) -> Decoding {
        let (kept, moved) = partition.split(z)
        let offsets = network.forward(conditions(kept)).output
        let (restored, logAbsDet) = restore(moved, offsets: offsets)
        return Decoding(
            output: partition.join(kept: kept, transformed: restored),
            logAbsDetJacobian: logAbsDet)
    }

    public func backPropagate(
        _ gradient: Tensor, logAbsDetWeights: [Double], through trace: LayerTrace
    ) -> LayerGradient {
        var kept = gradient.selecting(channels: partition.kept)
        let (moved, offsetGradient) = differentiate(
            gradient.selecting(channels: partition.transformed),
            at: trace.input.selecting(channels: partition.transformed),
            offsets: trace.intermediates[trace.intermediates.count - 1],
            logAbsDetWeights: logAbsDetWeights)
        let inner = network.backPropagate(
            offsetGradient, through: trace.intermediates.dropLast())
        // Each position has its share of a mean.
        let share = kept.shape.positions / inner.input.shape.positions
        for k in kept.elements.indices {
            kept.elements[k] += inner.input.elements[k / share] / Double(share)
        }
        return LayerGradient(
            input: partition.join(kept: kept, transformed: moved), parameters: inner.parameters)
    }

    private func transform(_ x: Tensor, offsets: Tensor) -> (output: Tensor, logAbsDet: [Double]) {
        switch dependence {
        case .pooled: transformPooled(x, offsets: offsets)
        case .perPosition: transformPerPosition(x, offsets: offsets)
        }
    }

    private func restore(_ z: Tensor, offsets: Tensor) -> (output: Tensor, logAbsDet: [Double]) {
        switch dependence {
        case .pooled: restorePooled(z, offsets: offsets)
        case .perPosition: restorePerPosition(z, offsets: offsets)
        }
    }

    /// The gradients with respect to the transformed half and to the network's outputs.
    private func differentiate(
        _ g: Tensor, at x: Tensor, offsets: Tensor, logAbsDetWeights: [Double]
    ) -> (input: Tensor, offsets: Tensor) {
        switch dependence {
        case .pooled:
            differentiatePooled(g, at: x, offsets: offsets, logAbsDetWeights: logAbsDetWeights)
        case .perPosition:
            differentiatePerPosition(
                g, at: x, offsets: offsets, logAbsDetWeights: logAbsDetWeights)
        }
    }

    public var parameters: [LayerParameter] { network.parameters }
    public mutating func setParameters(_ values: [[Double]]) { network.setParameters(values) }
}
