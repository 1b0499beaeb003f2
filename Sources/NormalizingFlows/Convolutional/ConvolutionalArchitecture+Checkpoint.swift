import LinearAlgebra

extension ConvolutionalArchitecture {
    /// What a file records of the architecture.
    public var metadata: [String: String] {
        var result = [
            Self.kindKey: Self.kind, "channels": "\(channels)", "rows": "\(rows)", "columns": "\(columns)",
            "block": "\(block)", "steps": "\(steps)", "hidden": "\(hidden)",
            "permutation_seed": "\(permutationSeed)", "prior": "normal",
            Self.scaleKey: scale.rawValue,
        ]
        switch coupling {
        case .affine: result[Self.couplingKey] = "affine"
        case .spline(let spline):
            result[Self.couplingKey] = "spline"
            result["bins"] = "\(spline.bins)"
            result["bound"] = "\(spline.bound)"
        }
        if let noise {
            result[Self.noiseKey] = "\(NoiseLevels.features)"
            result["noise_minimum"] = "\(noise.minimum)"
            result["noise_maximum"] = "\(noise.maximum)"
        }
        if let conditioner {
            result["conditioner_features"] = "\(conditioner.features)"
            result["conditioner_blocks"] = "\(conditioner.blocks)"
        }
        return result
    }

    static let kindKey = "architecture", kind = "convolutional"
    private static let scaleKey = "scale", couplingKey = "coupling", noiseKey = "noise_features"

    /// Whether a file says that it holds such a model.
    public static func describes(_ checkpoint: Checkpoint) -> Bool { checkpoint.metadata[kindKey] == kind }

    /// Reads the sizes that a file records, and compares the shapes of its tensors with them.
    ///
    /// - Throws: `CheckpointError` where a size is missing or out of its range, or a tensor is missing or has another
    ///   shape.
    public init(of checkpoint: Checkpoint) throws(CheckpointError) {
        let file = checkpoint.file.path
        func size(_ key: String, _ range: ClosedRange<Int>) throws(CheckpointError) -> Int {
            let text = checkpoint.metadata[key]
            guard let value = text.flatMap(Int.init), range.contains(value) else {
                throw CheckpointError(
                    file: file, place: "metadata \(quoted(key))",
                    reason: text.map {
                        "is \(quoted($0)), not a number from \(range.lowerBound) to \(range.upperBound)"
                    }
                        ?? "is missing")
            }
            return value
        }
        guard Self.describes(checkpoint) else {
            throw CheckpointError(
                file: file, place: "metadata \(quoted(Self.kindKey))", reason: "is not \(quoted(Self.kind))")
        }
        let block = try size("block", 2...16)
        let rows = try size("rows", 1...4096), columns = try size("columns", 1...4096)
        guard rows.isMultiple(of: block), columns.isMultiple(of: block) else {
            throw CheckpointError(
                file: file, place: "metadata \(quoted("block"))",
                reason: "is \(block), which does not divide \(rows) rows and \(columns) columns")
        }
        let channels = try size("channels", 1...4)
        guard channels * block * block <= Self.mostDepth else {
            throw CheckpointError(
                file: file, place: "metadata \(quoted("block"))",
                reason: "is \(block): a block of \(channels) channels then has \(channels * block * block) numbers, "
                    + "of which \(Self.mostDepth) are supported")
        }
        // Files that name none are older than the choice.
        let scale = checkpoint.metadata[Self.scaleKey].map { PixelScale(rawValue: $0) } ?? .logit
        guard let scale else {
            throw CheckpointError(
                file: file, place: "metadata \(quoted(Self.scaleKey))",
                reason: "is not one of " + PixelScale.allCases.map { quoted($0.rawValue) }.joined(separator: ", "))
        }
        let coupling: Coupling
        switch checkpoint.metadata[Self.couplingKey] {
        case nil, "affine": coupling = .affine
        case "spline":
            guard let bound = checkpoint.metadata["bound"].flatMap(Float.init), bound >= 0.001, bound <= 1000 else {
                throw CheckpointError(
                    file: file, place: "metadata \(quoted("bound"))",
                    reason: "is missing or not a number from 0.001 to 1000")
            }
            coupling = .spline(
                RationalQuadraticSpline(bins: try size("bins", RationalQuadraticSpline.allBins), bound: bound))
        default:
            throw CheckpointError(
                file: file, place: "metadata \(quoted(Self.couplingKey))",
                reason: "is neither \(quoted("affine")) nor \(quoted("spline"))")
        }
        var conditioner: Conditioner?
        if checkpoint.metadata["conditioner_features"] != nil {
            conditioner = Conditioner(
                features: try size("conditioner_features", 1...4096), blocks: try size("conditioner_blocks", 1...256))
        }
        let noise = try Self.noise(of: checkpoint)
        if noise != nil, conditioner != nil {
            throw CheckpointError(
                file: file, place: "metadata \(quoted(Self.noiseKey))", reason: "is for models without a conditioner")
        }
        guard let seed = checkpoint.metadata["permutation_seed"].flatMap(UInt64.init) else {
            throw CheckpointError(
                file: file, place: "metadata \(quoted("permutation_seed"))", reason: "is missing or not a number")
        }
        self.init(
            channels: channels, rows: rows, columns: columns, block: block,
            steps: try size("steps", 1...256), hidden: try size("hidden", 1...4096), conditioner: conditioner,
            permutationSeed: seed, scale: scale, coupling: coupling, noise: noise)
        for tensor in Layout(self).tensors {
            guard let found = checkpoint[tensor.name] else {
                throw CheckpointError(file: file, place: "tensor \(quoted(tensor.name))", reason: "is missing")
            }
            guard found.shape == tensor.shape else {
                throw CheckpointError(
                    file: file, place: "tensor \(quoted(tensor.name))",
                    reason: "has the shape \(brief(found.shape)), where \(brief(tensor.shape)) was expected")
            }
        }
    }

    /// The levels of noise that a file's model is told; nil where it is told of none.
    private static func noise(of checkpoint: Checkpoint) throws(CheckpointError) -> NoiseLevels? {
        guard let features = checkpoint.metadata[noiseKey] else { return nil }
        guard features == "\(NoiseLevels.features)",
            let minimum = checkpoint.metadata["noise_minimum"].flatMap(Double.init),
            let maximum = checkpoint.metadata["noise_maximum"].flatMap(Double.init),
            minimum > 0, minimum <= maximum, maximum <= 1
        else {
            throw CheckpointError(
                file: checkpoint.file.path, place: "metadata \(quoted(noiseKey))",
                reason: "must be \(quoted("\(NoiseLevels.features)")), with 0 < noise_minimum ≤ noise_maximum ≤ 1")
        }
        return NoiseLevels(minimum: minimum, maximum: maximum)
    }
}
