import LinearAlgebra
import NormalizingFlows
import Statistics
import Testing

@Suite struct ConditionalInvertibleConvolutionTests {
    typealias Rows = (weight: [[Double]], bias: [Double])

    /// σ and t of two transformed channels from two kept ones: rows σ_0, σ_1, t_0, t_1.
    static let hidden: Rows = (
        [[0.5, -1], [1.5, 0.2], [-0.3, 0.8]], [0.1, -0.2, 0.3]
    )
    static let last: Rows = (
        [[0.4, -0.2, 0.7], [-0.5, 0.3, 0.1], [1, 2, -1], [0.6, 0, 0.9]], [0.05, -0.1, 0.2, 0]
    )

    /// The network whose output o is `last`'s output `source[o]`, or 0 where that is nil.
    static func network(inputs: Int = 2, hidden: Rows = hidden, _ source: [Int?]) throws -> ChannelNetwork {
        try ChannelNetwork(
            layers: [
                hidden,
                (
                    source.map { $0.map { last.weight[$0] } ?? [0, 0, 0] },
                    source.map { $0.map { last.bias[$0] } ?? 0 }
                ),
            ], inputs: inputs)
    }

    static let x = normalTensor(TensorShape(batch: 2, channels: 4, rows: 2, columns: 3), stream: 80)

    @Test func anAffineCouplingIsASpecialCase() throws {
        let affine = try AffineCoupling(.halves(of: 4), network: Self.network([0, 1, 2, 3]))
        // L = I and U = 0: of A's numbers only the diagonal, log|s|, moves.
        let convolution = try ConditionalInvertibleConvolution(
            base: .identity(channels: 2), network: Self.network([0, nil, nil, 1, 2, 3]),
            dependence: .perPosition)
        let a = affine.encode(Self.x), b = convolution.encode(Self.x)
        #expect(a.output.elements == b.output.elements)
        #expect(largestDifference(a.logAbsDetJacobian, b.logAbsDetJacobian) < 1e-14)
        #expect(
            affine.decode(Self.x).output.elements == convolution.decode(Self.x).output.elements)
    }

    @Test func anAdditiveCouplingIsASpecialCase() throws {
        let additive = try AdditiveCoupling(.halves(of: 4), network: Self.network([2, 3]))
        let convolution = try ConditionalInvertibleConvolution(
            base: .identity(channels: 2), network: Self.network([nil, nil, nil, nil, 2, 3]),
            dependence: .perPosition)
        let a = additive.encode(Self.x), b = convolution.encode(Self.x)
        #expect(a.output.elements == b.output.elements)
        #expect(b.logAbsDetJacobian == [0, 0])
        #expect(
            additive.decode(Self.x).output.elements == convolution.decode(Self.x).output.elements)
    }

    /// Without a shift, P, L, U and s alone do it where x[c:] has a channel of ones: the shift is
    /// that channel's column of L.
    @Test(arguments: [true, false])
    func aChannelOfOnesMakesTheLinearFormAffine(scales: Bool) throws {
        let shape = TensorShape(batch: 2, channels: 4, rows: 2, columns: 3), n = shape.positions
        let coupling: any FlowLayer = scales
            ? try AffineCoupling(.halves(of: 4), network: Self.network([0, 1, 2, 3]))
            : try AdditiveCoupling(.halves(of: 4), network: Self.network([2, 3]))
        // Kept: the same two channels and one that the network ignores. Transformed: ones, then
        // the same two channels.
        let hidden: Rows = (Self.hidden.weight.map { $0 + [0] }, Self.hidden.bias)
        let scale: [Int?] = scales ? [0, 1] : [nil, nil]
        let convolution = try ConditionalInvertibleConvolution(
            base: .identity(channels: 3),
            network: Self.network(
                inputs: 3, hidden: hidden, [nil, nil, nil, 2, scale[0], nil, 3, nil, scale[1]]),
            dependence: .perPosition)
        var wide: [Double] = []
        for image in 0..<2 {
            let planes = Self.x.elements[image * 4 * n..<(image + 1) * 4 * n]
            wide += planes.prefix(2 * n) + Array(repeating: 9, count: n)
            wide += Array(repeating: 1, count: n) + planes.suffix(2 * n)
        }
        let a = coupling.encode(Self.x)
        let b = convolution.encode(
            Tensor(TensorShape(batch: 2, channels: 6, rows: 2, columns: 3), elements: wide))
        for image in 0..<2 {
            for channel in 0..<2 {
                for i in 0..<2 {
                    for j in 0..<3 {
                        let difference = a.output[image, 2 + channel, i, j] - b.output[image, 4 + channel, i, j]
                        #expect(abs(difference) < 1e-14)
                        #expect(b.output[image, 3, i, j] == 1)
                    }
                }
            }
            #expect(abs(a.logAbsDetJacobian[image] - b.logAbsDetJacobian[image]) < 1e-14)
        }
    }

    /// Where the kept half is the same at all positions its mean is what each position sees.
    @Test func bothDependencesAgreeOnAConstantKeptHalf() throws {
        let base = PLUWeight(randomRotationOf: 2, using: Philox(seed: 3))
        var x = Self.x
        for image in 0..<2 {
            for channel in 0..<2 {
                for p in 0..<6 { x[image, channel, p / 3, p % 3] = Double(image + 2 * channel) - 0.5 }
            }
        }
        func encode(_ dependence: ConditionalInvertibleConvolution.Dependence) throws -> Encoding {
            try ConditionalInvertibleConvolution(
                base: base, network: Self.network([0, 1, 2, 3, 3, 0]), dependence: dependence
            ).encode(x)
        }
        let pooled = try encode(.pooled), each = try encode(.perPosition)
        #expect(largestDifference(pooled.output.elements, each.output.elements) < 1e-13)
        #expect(largestDifference(pooled.logAbsDetJacobian, each.logAbsDetJacobian) < 1e-13)
    }

    /// With one A an image log|det| = m·n·Σ log|s_i|, with an A a position the sum over positions.
    @Test(arguments: [ConditionalInvertibleConvolution.Dependence.pooled, .perPosition])
    func theLogDeterminantIsTheSumOverTheWeights(
        dependence: ConditionalInvertibleConvolution.Dependence
    ) throws {
        let layer = try ConditionalInvertibleConvolution(
            base: PLUWeight(randomRotationOf: 2, using: Philox(seed: 4)),
            network: Self.network([0, 1, 2, 3]), dependence: dependence)
        let weights = layer.weights(at: Self.x), z = layer.encode(Self.x)
        #expect(weights.count == (dependence == .pooled ? 2 : 12))
        #expect(Set(weights).count == weights.count, "each has its own")
        #expect(layer.weights(at: z.output) == weights, "x and z share the kept half")
        for image in 0..<2 {
            var sum = 0.0
            for p in 0..<6 {
                let weight = weights[dependence == .pooled ? image : image * 6 + p]
                sum += weight.logAbsDeterminant
                for i in 0..<2 {
                    let expected = (0..<2).reduce(0.0) {
                        $0 + weight.matrix[i, $1] * Self.x[image, 2 + $1, p / 3, p % 3]
                    }
                    #expect(abs(z.output[image, 2 + i, p / 3, p % 3] - expected) < 1e-13)
                }
            }
            #expect(abs(z.logAbsDetJacobian[image] - sum) < 1e-13)
        }
    }

    /// A network that says 0 leaves the plain convolution, and the base's sign.
    @Test(arguments: [ConditionalInvertibleConvolution.Dependence.pooled, .perPosition])
    func aSilentNetworkLeavesTheBase(
        dependence: ConditionalInvertibleConvolution.Dependence
    ) throws {
        let base = try PLUWeight(
            permutation: [1, 0], lower: [[1, 0], [2, 1]], upper: [[0, -1], [0, 0]],
            scale: [0.5, 3])
        let layer = try ConditionalInvertibleConvolution(
            base: base, network: Self.network([nil, nil, nil, nil]), dependence: dependence)
        let z = layer.encode(Self.x)
        for image in 0..<2 {
            let half = Tensor(
                TensorShape(channels: 2, rows: 2, columns: 3),
                elements: Array(Self.x.elements[image * 24 + 12..<image * 24 + 24]))
            let plain = InvertibleConvolution(base).encode(half)
            let part = Array(z.output.elements[image * 24 + 12..<image * 24 + 24])
            #expect(largestDifference(part, plain.output.elements) < 1e-15)
            #expect(abs(z.logAbsDetJacobian[image] - plain.logAbsDetJacobian[0]) < 1e-14)
            #expect(z.output.elements[image * 24..<image * 24 + 12] == Self.x.elements[image * 24..<image * 24 + 12])
        }
        #expect(layer.determinantSign(positions: 3) == -1 && layer.determinantSign(positions: 6) == 1)
        try layer.requireInvertible(at: Self.x)
    }

    @Test(arguments: [ConditionalInvertibleConvolution.Dependence.pooled, .perPosition])
    func aNetworkThatMakesItIllConditionedIsNamed(
        dependence: ConditionalInvertibleConvolution.Dependence
    ) throws {
        func layer(_ logScale: Double) throws -> ConditionalInvertibleConvolution {
            try ConditionalInvertibleConvolution(
                base: .identity(channels: 2),
                network: ChannelNetwork(
                    layers: [([[0, 0], [0, 0], [0, 0], [0, 0]], [0, 0, 0, logScale])], inputs: 2),
                dependence: dependence)
        }
        try layer(-27).requireInvertible(at: Self.x)
        for logScale in [-28, 28, -800, 800.0] {
            let error = #expect(throws: LayerError.self) {
                try layer(logScale).requireInvertible(at: Self.x)
            }
            #expect(error?.path == ["scale", logScale == 28 ? "0" : "1"])
        }
    }

    @Test func aNetworkOfAnotherSizeIsNamed() {
        #expect(
            throws: LayerError(
                "network",
                reason: "must map 2 channels to 4, or to 6 with a shift, not 2 to 5")
        ) {
            try ConditionalInvertibleConvolution(
                base: .identity(channels: 2), network: Self.network([0, 0, 0, 0, 0]),
                dependence: .pooled)
        }
    }
}
