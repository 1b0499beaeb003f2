import LinearAlgebra

/// An invertible 1×1 convolution or a conditional one, applied to one image some positions at a time:
/// about a million multiply-adds a piece.
///
/// The pieces, and with them the bits, do not depend on the threads that compute them. A position
/// depends on the others only through a pooled weight, which is computed first.
public struct ConvolutionRun: Sendable {
    public enum Layer: Sendable {
        case constant(InvertibleConvolution)
        case conditional(ConditionalInvertibleConvolution)
    }

    public let isInverse: Bool
    /// (1, channels, rows, columns), what the map makes of the input once `isDone`.
    public private(set) var output: Tensor
    /// A; one a position, row by row, where it depends on the position.
    public private(set) var weights: [Matrix]
    /// log|det| of the map's Jacobian over the positions done so far, in nats.
    public private(set) var logAbsDeterminant = 0.0
    /// The sign of the Jacobian's determinant, −1 or 1.
    public let determinantSign: Int
    public private(set) var positionsDone = 0

    private enum Step {
        /// One A, and t if the network gives one, for the last channels.
        case constant(PLUWeight, shift: [Double]?)
        case perPosition(ConditionalInvertibleConvolution)
    }

    private let input: Tensor
    private let step: Step
    private let positionsAtOnce: Int

    /// - Parameter input: one image.
    /// - Throws: `LayerError` that names `input` where its channels do not fit, `conditioner` where
    ///   what the network says of it makes no invertible weight, and `lower` where A's numbers
    ///   leave double precision.
    public init(of input: Tensor, through layer: Layer, inverse: Bool) throws(LayerError) {
        precondition(input.shape.batch == 1)
        self.input = input
        isInverse = inverse
        output = input
        let cost: Int
        switch layer {
        case .constant(let layer):
            _ = try layer.outputShape(for: input.shape)
            determinantSign = layer.determinantSign(positions: input.shape.positions)
            step = .constant(layer.weight, shift: nil)
            weights = [try layer.weight.finiteMatrix(blaming: "lower")]
            cost = layer.channels * layer.channels
        case .conditional(let layer):
            let c = layer.channels
            _ = try layer.outputShape(for: input.shape)
            determinantSign = layer.determinantSign(positions: input.shape.positions)
            switch layer.dependence {
            case .pooled:
                try layer.requireConditioned(at: input, "pooled over the image")
                let (weight, shift) = layer.pooledWeight(at: input)
                step = .constant(weight, shift: shift)
                weights = [try weight.finiteMatrix(blaming: "conditioner")]
                cost = c * c
            case .perPosition:
                step = .perPosition(layer)
                weights = []
                // The network is run for the check, for A and for the map.
                cost = c * c * c + layer.network.layers.reduce(0) { $0 + 3 * $1.weight.elements.count }
            }
        }
        positionsAtOnce = max(1, (1 << 20) / cost)
    }

    public var positions: Int { input.shape.positions }
    public var isDone: Bool { positionsDone == positions }

    /// Takes the next positions through the map.
    ///
    /// - Throws: `LayerError` that names `input` where a result is not finite, and `conditioner`
    ///   where what the network says of a position makes no invertible weight.
    public mutating func advance() throws(LayerError) {
        let range = positionsDone..<min(positionsDone + positionsAtOnce, positions)
        switch step {
        case .constant(let weight, let shift):
            let first = input.shape.channels - weight.channels
            var piece = input.piece(first..<input.shape.channels, range)
            if isInverse {
                if let shift { piece.add(shift, times: -1) }
                piece = InvertibleConvolution(weight).decode(piece).output
            } else {
                piece = piece.mixingChannels(by: weight.matrix, adding: shift)
            }
            try place(piece, first, range)
            // The whole sum from one product, so that it does not depend on the pieces.
            let sum = Double(range.upperBound) * weight.logAbsDeterminant
            logAbsDeterminant = isInverse ? 0 - sum : sum
        case .perPosition(let layer):
            let piece = input.piece(0..<input.shape.channels, range)
            let places = "at positions \(range.lowerBound) … \(range.upperBound - 1)"
            try layer.requireConditioned(at: piece, places)
            for weight in layer.weights(at: piece) {
                weights.append(try weight.finiteMatrix(blaming: "conditioner"))
            }
            if isInverse {
                let decoding = layer.decode(piece)
                try place(decoding.output, 0, range)
                logAbsDeterminant += decoding.logAbsDetJacobian[0]
            } else {
                let encoding = layer.encode(piece)
                try place(encoding.output, 0, range)
                logAbsDeterminant += encoding.logAbsDetJacobian[0]
            }
        }
        positionsDone = range.upperBound
    }

    private mutating func place(
        _ piece: Tensor, _ first: Int, _ range: Range<Int>
    ) throws(LayerError) {
        let width = range.count
        for (index, value) in piece.elements.enumerated() {
            let channel = first + index / width, position = range.lowerBound + index % width
            guard value.isFinite else {
                let (row, column) = position.quotientAndRemainder(dividingBy: input.shape.columns)
                throw LayerError(
                    "input",
                    reason: "makes a number at [\(channel)][\(row)][\(column)] of the output that "
                        + "no double can hold")
            }
            output.elements[channel * positions + position] = value
        }
    }
}

extension ConditionalInvertibleConvolution {
    /// `requireInvertible(at:)`, blaming the conditioner.
    fileprivate func requireConditioned(at x: Tensor, _ place: String) throws(LayerError) {
        do throws(LayerError) {
            try requireInvertible(at: x)
        } catch {
            throw LayerError(
                "conditioner", reason: "makes no invertible weight \(place): \(error)")
        }
    }

    /// A and t of one image, where A is pooled.
    fileprivate func pooledWeight(at x: Tensor) -> (PLUWeight, shift: [Double]?) {
        let numbers = network.forward(conditions(partition.split(x).kept)).output.elements
        let free = channels * channels
        return (
            base.offset(by: Array(numbers.prefix(free))),
            shifts ? Array(numbers.dropFirst(free)) : nil
        )
    }
}

extension PLUWeight {
    /// A, or an error that names `culprit` where one of its numbers is not finite.
    fileprivate func finiteMatrix(blaming culprit: String) throws(LayerError) -> Matrix {
        guard matrix.elements.allSatisfy(\.isFinite) else {
            throw LayerError(
                culprit, reason: "makes a number of A = P L (U + diag(s)) that no double can hold")
        }
        return matrix
    }
}

extension Tensor {
    /// Some channels at some positions of one image: (1, channels, 1, positions).
    fileprivate func piece(_ channels: Range<Int>, _ range: Range<Int>) -> Tensor {
        let positions = shape.positions
        return Tensor(
            TensorShape(channels: channels.count, columns: range.count),
            elements: channels.flatMap {
                elements[$0 * positions + range.lowerBound..<$0 * positions + range.upperBound]
            })
    }

    /// Adds a multiple of a number a channel, at all positions.
    fileprivate mutating func add(_ shift: [Double], times factor: Double) {
        for index in elements.indices { elements[index] += factor * shift[index / shape.positions] }
    }
}
