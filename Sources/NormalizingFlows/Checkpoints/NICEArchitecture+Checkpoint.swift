extension NICEArchitecture {
    /// Reads the sizes off the names and shapes of a checkpoint's tensors.
    ///
    /// - Parameters:
    ///   - firstTransformed: which half of the pixels the first coupling moves; what the file records,
    ///     else the even-indexed one, where it is nil.
    ///   - overriding: whether `firstTransformed` may contradict what the file records.
    /// - Throws: `CheckpointError` where a tensor is missing, is not a tensor of a NICE model, or has
    ///   another shape than the others imply; where the file's metadata says something else than its
    ///   tensors or than `firstTransformed`.
    public init(
        of checkpoint: Checkpoint, firstTransformed: PixelParity? = nil, overriding: Bool = false
    ) throws(CheckpointError) {
        func failure(_ name: String, _ reason: String) -> CheckpointError {
            CheckpointError(file: checkpoint.file.path, place: "tensor \(quoted(name))", reason: reason)
        }
        func matrix(_ name: String) throws(CheckpointError) -> [Int] {
            guard let tensor = checkpoint[name] else {
                throw failure(name, "is missing: not a NICE model's state dict\(checkpoint.hint(for: name))")
            }
            guard tensor.shape.count == 2, tensor.count > 0 else {
                throw failure(name, "has the shape \(brief(tensor.shape)), where a matrix was expected")
            }
            return tensor.shape
        }

        guard !ConvolutionalArchitecture.describes(checkpoint) else {
            throw CheckpointError(
                file: checkpoint.file.path, place: "metadata \(quoted(ConvolutionalArchitecture.kindKey))",
                reason:
                    "is \(quoted(ConvolutionalArchitecture.kind)), not NICE")
        }
        let scale = try matrix(Self.scaleName)
        guard scale[0] == 1, scale[1].isMultiple(of: 2) else {
            throw failure(Self.scaleName, "has the shape \(brief(scale)), where [1, D] with an even D was expected")
        }
        dimension = scale[1]
        width = try matrix("coupling.0.in_block.0.weight")[0]
        // The greatest number in use. It is no more than the file's tensors, or one of them is missing.
        couplings = 1 + checkpoint.greatestIndex(after: "coupling.")
        hiddenLayers = 2 + checkpoint.greatestIndex(after: "coupling.0.mid_block.", otherwise: -1)
        self.firstTransformed = try checkpoint.firstTransformed(or: firstTransformed, overriding: overriding)

        // Coupling by coupling: a file that names coupling 9999 and hidden layer 9999 fails at the first
        // tensor that it lacks, before all those that it would have to have are listed.
        var names: Set<String> = [Self.scaleName]
        for coupling in 0..<couplings {
            for parameter in parameters(of: coupling) {
                guard let tensor = checkpoint[parameter.name] else { throw failure(parameter.name, "is missing") }
                guard tensor.shape == parameter.shape else {
                    throw failure(
                        parameter.name,
                        "has the shape \(brief(tensor.shape)), where the others imply \(brief(parameter.shape))")
                }
                names.insert(parameter.name)
            }
        }
        for tensor in checkpoint.tensors where !names.contains(tensor.name) {
            let expected: Int
            switch tensor.name {
            case Self.trainingMeanName: expected = dimension
            case Self.trainingFactorName: expected = dimension / 2 * (dimension + 1)
            default: throw failure(tensor.name, "is not a tensor of a NICE model")
            }
            guard tensor.shape == [expected] else {
                throw failure(tensor.name, "has the shape \(brief(tensor.shape)), where [\(expected)] was expected")
            }
        }
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            guard let recorded = checkpoint.metadata[key], recorded != value, key != Self.firstTransformedKey
            else { continue }
            throw CheckpointError(
                file: checkpoint.file.path, place: "metadata \(quoted(key))",
                reason: "is \(quoted(recorded)), but the tensors say \(quoted(value))")
        }
    }

    /// What a checkpoint records of the architecture, for people: readers go by the tensors.
    public var metadata: [String: String] {
        [
            "architecture": "NICE", "dimension": String(dimension), "couplings": String(couplings),
            "hidden_layers": String(hiddenLayers), "width": String(width), "prior": "logistic",
            Self.firstTransformedKey: firstTransformed.rawValue,
        ]
    }

    fileprivate static let firstTransformedKey = "first_transformed"
}

extension Checkpoint {
    /// Which half the first coupling moves: as asked for, else as recorded, else the even-indexed one.
    fileprivate func firstTransformed(
        or wanted: PixelParity?, overriding: Bool
    ) throws(CheckpointError) -> PixelParity {
        let key = NICEArchitecture.firstTransformedKey
        func failure(_ reason: String) -> CheckpointError {
            CheckpointError(file: file.path, place: "metadata \(quoted(key))", reason: reason)
        }
        if let wanted, overriding { return wanted }
        guard let text = metadata[key] else { return wanted ?? .even }
        guard let recorded = PixelParity(rawValue: text) else {
            throw failure("is \(quoted(text)), where even or odd was expected")
        }
        guard let wanted, wanted != recorded else { return recorded }
        throw failure(
            "is \(quoted(text)), but \(wanted.rawValue) was asked for; riviera convert can record another")
    }

    /// What the names that are there have to say about one that is missing.
    fileprivate func hint(for name: String) -> String {
        guard let other = tensors.first(where: { $0.name.hasSuffix(".\(name)") })?.name else { return "" }
        let prefix = String(other.dropLast(name.count))
        return "; there is \(quoted(other)): leave the prefix \(quoted(prefix)) out of all names"
    }

    /// The greatest number that follows `prefix` in a tensor's name, up to the number of tensors: a
    /// name with a greater one cannot belong to a complete model, and is refused as a stranger to it.
    fileprivate func greatestIndex(after prefix: String, otherwise none: Int = 0) -> Int {
        tensors.compactMap { tensor in
            guard tensor.name.hasPrefix(prefix) else { return nil }
            let digits = tensor.name.dropFirst(prefix.count).prefix { $0 != "." }
            return Int(digits).flatMap { $0 >= 0 && $0 < tensors.count ? $0 : nil }
        }.max() ?? none
    }
}
