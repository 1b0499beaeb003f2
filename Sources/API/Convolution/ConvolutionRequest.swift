import NormalizingFlows

/// What `POST /invertible-convolution` was asked for.
struct ConvolutionRequest: Sendable {
    let input: Tensor
    let inverse: Bool
    let factors: WeightFactors
    let conditioner: ConditionerRequest?

    /// - Throws: `Problem` that names the culprit.
    init(_ json: JSONNode, limits: ConvolutionLimits) throws {
        var fields = try Fields(json)
        let permutation = try fields.json("permutation")
        let lower = try fields.json("lower"), upper = try fields.json("upper")
        let scale = try fields.json("scale")
        guard let tensor = try fields.json("input") else {
            throw fields.missing("input", "numbers as [channel][row][column]")
        }
        inverse = try fields.read(ConvolutionFields(limits: limits).inverse)
        let conditioning = try fields.json("conditioner")
        if conditioning == nil {
            for (name, value, expected) in [
                ("permutation", permutation, "where each row of A's product is taken from, [1,0,…]"),
                ("lower", lower, "L, rows of numbers"), ("upper", upper, "U, rows of numbers"),
                ("scale", scale, "s, a number for each channel"),
            ] where value == nil {
                throw fields.missing(name, expected)
            }
        }
        try fields.finish()

        input = try Self.tensor(tensor, limits: limits)
        try limits.require(
            [input.shape.channels, input.shape.rows, input.shape.columns], "The input", "/input")
        if conditioning != nil, !input.shape.channels.isMultiple(of: 2) {
            throw Problem.invalid(
                "With “conditioner” the number of channels must be even, not \(input.shape.channels).",
                .pointer("/input"))
        }
        let channels = conditioning == nil ? input.shape.channels : input.shape.channels / 2
        try limits.require(channels: channels, "/input")
        factors = try WeightFactors(
            permutation: permutation, lower: lower, upper: upper, scale: scale, channels: channels)
        conditioner = try conditioning.map {
            try ConditionerRequest($0, channels: channels, limits: limits)
        }
        if conditioner?.perPosition == true {
            try limits.require(
                [channels, channels, input.shape.positions], "A for each position", "/conditioner/per_position")
        }
    }

    /// [channels][rows][columns], none of them empty, all of one shape.
    private static func tensor(_ json: JSONNode, limits: ConvolutionLimits) throws -> Tensor {
        var numbers: [Double] = []
        var rows: Int?, columns: Int?
        func same(_ first: inout Int?, _ count: Int, _ what: String, _ pointer: String) throws {
            if let first, first != count {
                throw Problem.invalid(
                    "This must have \(first) \(what), as those before it have, not \(count).", .pointer(pointer))
            }
            guard count > 0 else {
                throw Problem.invalid("This must not be empty: it holds \(what).", .pointer(pointer))
            }
            first = count
        }
        let channels = try json.arrayElements(at: "/input", of: "channels")
        let channelCount = json.count ?? 0
        var first: Int?
        try same(&first, channelCount, "channels", "/input")
        for (i, channel) in channels.enumerated() {
            let lines = try channel.arrayElements(at: "/input/\(i)", of: "rows")
            try same(&rows, channel.count ?? 0, "rows", "/input/\(i)")
            for (j, line) in lines.enumerated() {
                let values = try line.numberList(at: "/input/\(i)/\(j)")
                try same(&columns, values.count, "numbers", "/input/\(i)/\(j)")
                numbers += values
                try limits.require([numbers.count], "The input", "/input")
            }
        }
        let shape = TensorShape(channels: channelCount, rows: rows ?? 1, columns: columns ?? 1)
        return Tensor(shape, elements: numbers)
    }

    /// The layer; O(c³).
    func layer() throws -> ConvolutionRun.Layer {
        let weight = try factors.weight()
        guard let conditioner else { return .constant(InvertibleConvolution(weight)) }
        return .conditional(try conditioner.layer(base: weight))
    }
}

/// The numbers of a PLU weight as they came, those left out being the identity's.
struct WeightFactors: Sendable {
    private let permutation: [Int]
    private let lower, upper: [[Double]]
    private let scale: [Double]

    init(
        permutation: JSONNode?, lower: JSONNode?, upper: JSONNode?, scale: JSONNode?, channels: Int
    ) throws {
        func diagonal(_ value: Double) -> [[Double]] {
            (0..<channels).map { i in (0..<channels).map { $0 == i ? value : 0 } }
        }
        self.permutation =
            try permutation?.numberList(at: "/permutation").enumerated().map {
                guard let place = Int(exactly: $1) else {
                    throw Problem.invalid(
                        "A permutation must hold whole numbers, not \(JSONText.number($1)).",
                        .pointer("/permutation/\($0)"))
                }
                return place
            } ?? Array(0..<channels)
        // Said first: the other sizes are judged by it.
        guard self.permutation.count == channels else {
            throw Problem.invalid(
                "“permutation” must have \(channels) \(channels == 1 ? "number" : "numbers"), one for each channel that A mixes, not "
                    + "\(self.permutation.count).",
                .pointer("/permutation"))
        }
        self.lower = try lower?.numberRows(at: "/lower", atMost: channels) ?? diagonal(1)
        self.upper = try upper?.numberRows(at: "/upper", atMost: channels) ?? diagonal(0)
        self.scale = try scale?.numberList(at: "/scale") ?? Array(repeating: 1, count: channels)
    }

    func weight() throws -> PLUWeight {
        do throws(LayerError) {
            return try PLUWeight(permutation: permutation, lower: lower, upper: upper, scale: scale)
        } catch {
            throw Problem(naming: error)
        }
    }
}

extension Problem {
    /// A number or size that makes no layer, by its path in the object at `pointer`.
    init(naming error: LayerError, at pointer: String = "") {
        let place = pointer + error.path.map { "/\(JSONPointer.escaped($0))" }.joined()
        let name = error.path.dropFirst().reduce(error.path.first ?? "") {
            $0 + (Int($1) == nil ? ".\($1)" : "[\($1)]")
        }
        self = .invalid("“\(name)” \(error.reason).", .pointer(place))
    }
}
