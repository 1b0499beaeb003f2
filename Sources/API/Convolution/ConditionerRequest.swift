import NormalizingFlows
import Statistics

/// The network that L, U and s come from: its layers, or what to draw them from.
struct ConditionerRequest: Sendable {
    private enum Network: Sendable {
        case given([(weight: [[Double]], bias: [Double])])
        case drawn(seed: UInt64, hidden: [Int], shift: Bool)
    }

    private static let pointer = "/conditioner"
    static let mostLayers = 17
    private let network: Network
    private let activation: ChannelNetwork.Activation
    let perPosition: Bool

    /// - Parameter channels: c, half of the input's.
    init(_ json: JSONNode, channels: Int, limits: ConvolutionLimits) throws {
        var fields = try Fields(json, at: Self.pointer)
        let declared = ConvolutionFields(limits: limits)
        let layers = try fields.json("layers")
        let seed = try fields.read(declared.seed), hidden = try fields.json("hidden")
        let shift = try fields.bool("shift")
        activation = try fields.read(declared.activation)
        perPosition = try fields.read(declared.perPosition)
        try fields.finish()
        guard let layers else {
            let widths = try hidden.map { try Self.widths($0) } ?? [16]
            let shift = shift ?? false
            let sizes = [channels] + widths + [channels * channels + (shift ? channels : 0)]
            for (width, next) in zip(sizes, sizes.dropFirst()) {
                try limits.require([width, next], "A layer's weight", "\(Self.pointer)/hidden")
            }
            network = .drawn(
                seed: seed ?? .random(in: 0...(1 << 53 - 1)), hidden: widths, shift: shift)
            return
        }
        for (name, isGiven) in [("seed", seed != nil), ("hidden", hidden != nil), ("shift", shift != nil)]
        where isGiven {
            throw Problem.invalid(
                "“\(name)” says how to draw layers, which “layers” gives already: leave one of them out.",
                fields.culprit(name))
        }
        network = .given(try Self.layers(layers, at: "\(Self.pointer)/layers", limits))
    }

    /// One width, or a list of them; an empty one is a single linear map.
    private static func widths(_ json: JSONNode) throws -> [Int] {
        func width(_ value: Double, _ pointer: String) throws -> Int {
            guard let width = Int(exactly: value), width >= 1 else {
                throw Problem.invalid(
                    "The width of a hidden layer must be a whole number of at least 1, not \(JSONText.number(value)).",
                    .pointer(pointer))
            }
            return width
        }
        let pointer = "\(Self.pointer)/hidden"
        if let value = json.double { return [try width(value, pointer)] }
        let values = try json.numberList(at: pointer)
        guard values.count < mostLayers else {
            throw Problem.invalid(
                "At most \(mostLayers - 1) hidden layers are taken, not \(values.count).", .pointer(pointer))
        }
        return try values.enumerated().map { try width($1, "\(pointer)/\($0)") }
    }

    private static func layers(
        _ json: JSONNode, at pointer: String, _ limits: ConvolutionLimits
    ) throws -> [(weight: [[Double]], bias: [Double])] {
        let elements = try json.arrayElements(at: pointer, of: "layers"), count = json.count ?? 0
        guard count <= mostLayers else {
            throw Problem.invalid("At most \(mostLayers) layers are taken, not \(count).", .pointer(pointer))
        }
        return try elements.enumerated().map { index, layer in
            let place = "\(pointer)/\(index)"
            var fields = try Fields(layer, at: place)
            guard let weight = try fields.json("weight") else {
                throw fields.missing("weight", "a row of numbers for each output")
            }
            guard let bias = try fields.json("bias") else {
                throw fields.missing("bias", "a number for each output")
            }
            try fields.finish()
            return (
                try weight.numberRows(at: "\(place)/weight", atMost: limits.layerOutputs),
                try bias.numberList(at: "\(place)/bias")
            )
        }
    }

    func layer(base: PLUWeight) throws -> ConditionalInvertibleConvolution {
        let c = base.channels
        do throws(LayerError) {
            let network: ChannelNetwork
            switch self.network {
            case .given(let layers):
                network = try ChannelNetwork(layers: layers, inputs: c, activation: activation)
            case .drawn(let seed, let hidden, let shift):
                // A gain of 1/√c keeps a random triangle's inverse from growing with c.
                network = ChannelNetwork(
                    inputs: c, hidden: hidden, outputs: shift ? c * c + c : c * c,
                    activation: activation, outputGain: 1 / Double(c).squareRoot(),
                    using: Philox(seed: seed))
            }
            return try ConditionalInvertibleConvolution(
                base: base, network: network, dependence: perPosition ? .perPosition : .pooled)
        } catch {
            // “network” is how the layer calls what the request calls its layers.
            guard error.path == ["network"] else { throw Problem(naming: error, at: Self.pointer) }
            throw Problem(naming: LayerError("layers", reason: error.reason), at: Self.pointer)
        }
    }

    /// What draws the same network again, nil where it was given.
    var reproduce: JSON? {
        guard case .drawn(let seed, let hidden, let shift) = network else { return nil }
        return .object([
            ("seed", .integer(Int(seed))),
            ("hidden", .array(hidden.map { .integer($0) })),
            ("shift", .bool(shift)),
            ("activation", .string(activation.rawValue)),
            ("per_position", .bool(perPosition)),
        ])
    }
}
