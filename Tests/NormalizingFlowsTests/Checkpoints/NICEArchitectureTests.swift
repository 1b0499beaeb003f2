import NormalizingFlows
import Testing

@Suite struct NICEArchitectureTests {
    private func reason(_ model: SmallNICE) -> String? {
        do throws(CheckpointError) {
            _ = try NICEArchitecture(of: open(model.torchFile))
            return nil
        } catch {
            return "\(error.place): \(error.reason)"
        }
    }

    @Test(arguments: [(6, 3, 2, 4), (2, 1, 1, 1), (4, 12, 1, 3), (10, 2, 11, 5)])
    func sizesAreReadOffNamesAndShapes(dimension: Int, couplings: Int, hiddenLayers: Int, width: Int) throws {
        let model = SmallNICE(dimension: dimension, couplings: couplings, hiddenLayers: hiddenLayers, width: width)
        let architecture = try NICEArchitecture(of: open(model.torchFile))
        #expect(architecture.dimension == dimension)
        #expect(architecture.couplings == couplings)
        #expect(architecture.hiddenLayers == hiddenLayers)
        #expect(architecture.width == width)
        #expect(architecture.parameterCount == model.tensors.reduce(0) { $0 + $1.values.count })
        #expect(architecture.parameters.map(\.name) == model.tensors.map(\.name))
        #expect(architecture.parameters.map(\.shape) == model.tensors.map(\.shape))
    }

    @Test func theOrderOfTheFileDoesNotMatter() throws {
        var model = SmallNICE()
        model.tensors.reverse()
        #expect(try NICEArchitecture(of: open(model.torchFile)).couplings == 3)
    }

    @Test func everyMissingTensorIsNoticed() throws {
        let model = SmallNICE(hiddenLayers: 3)
        for tensor in model.tensors {
            let found = try #require(reason(model.replacing(tensor.name)))
            #expect(found.hasPrefix("tensor \"\(tensor.name)\": is missing"))
        }
    }

    @Test func everyShapeThatDoesNotFitIsNamed() throws {
        let model = SmallNICE()
        for tensor in model.tensors {
            var shape = tensor.shape
            shape[shape.count - 1] += 2
            let wrong = (tensor.name, shape, [Float](repeating: 0, count: shape.reduce(1, *)))
            let found = try #require(reason(model.replacing(tensor.name, by: wrong)))
            // The scale's size sets the others': there, the first to disagree with it is named.
            #expect(
                found.hasPrefix(
                    tensor.name == "scaling.scale"
                        ? "tensor \"coupling.0.in_block.0.weight\"" : "tensor \"\(tensor.name)\": has the shape"))
        }
        #expect(
            reason(model.replacing("scaling.scale", by: ("scaling.scale", [1, 5], [0, 0, 0, 0, 0])))?.contains(
                "[1, D] with an even D") == true)
        #expect(
            reason(model.replacing("scaling.scale", by: ("scaling.scale", [6], [0, 0, 0, 0, 0, 0])))?.contains(
                "a matrix was expected") == true)
    }

    @Test(arguments: [
        "extra", "coupling.0.extra", "coupling.x.in_block.0.weight", "coupling.0.mid_block.00.0.weight",
        "coupling.99999999999999999999.in_block.0.weight", "coupling.9999.out_block.bias",
    ])
    func strangersAreNamed(name: String) {
        var model = SmallNICE()
        model.tensors.append((name, [1], [0]))
        #expect(reason(model) == "tensor \"\(name)\": is not a tensor of a NICE model")
    }

    @Test func aTrainingMeanMayBeThere() throws {
        var model = SmallNICE()
        model.tensors.append((NICEArchitecture.trainingMeanName, [6], [0, 0, 0, 0, 0, 0]))
        #expect(reason(model) == nil)
        model.tensors[model.tensors.count - 1] = (NICEArchitecture.trainingMeanName, [5], [0, 0, 0, 0, 0])
        #expect(reason(model) == "tensor \"training_mean\": has the shape [5], where [6] was expected")
    }

    @Test func aFactorOfTheCovarianceMayBeThere() throws {
        var model = SmallNICE()
        model.tensors.append((NICEArchitecture.trainingFactorName, [21], [Float](repeating: 1, count: 21)))
        #expect(reason(model) == nil)
        model.tensors[model.tensors.count - 1] = (NICEArchitecture.trainingFactorName, [6], [0, 0, 0, 0, 0, 0])
        #expect(
            reason(model)
                == "tensor \"training_covariance_factor\": has the shape [6], where [21] was expected")
    }

    /// Names that would make a model of 4 · 10⁸ tensors, of which 20 000 are there.
    @Test func hugeNumbersInNamesCostNothing() {
        var model = SmallNICE()
        for index in 0..<20_000 { model.tensors.append(("filler.\(index)", [0], [])) }
        model.tensors.append(("coupling.19999.in_block.0.weight", [0], []))
        model.tensors.append(("coupling.0.mid_block.19999.0.weight", [0], []))
        #expect(reason(model) == "tensor \"coupling.0.mid_block.1.0.weight\": is missing")
    }

    @Test func metadataMustAgreeWithTheTensors() throws {
        let directory = TemporaryDirectory()
        let path = directory.path + "/file"
        try writeSafeTensors(SmallNICE().tensors, metadata: ["couplings": "3", "note": "anything"], to: path)
        #expect(try NICEArchitecture(of: Checkpoint(contentsOf: path)).couplings == 3)
        for (key, value) in ["couplings": "4", "prior": "gaussian", "dimension": "six", "first_transformed": "both"] {
            try writeSafeTensors(SmallNICE().tensors, metadata: [key: value], to: path)
            let error = #expect(throws: CheckpointError.self) { try NICEArchitecture(of: Checkpoint(contentsOf: path)) }
            #expect(error?.place == "metadata \"\(key)\"")
        }
    }

    @Test func whichPixelsMoveFirstIsRecordedOrAskedFor() throws {
        let directory = TemporaryDirectory(), path = directory.path + "/file"
        func found(_ recorded: PixelParity?, _ wanted: PixelParity?) throws -> PixelParity {
            let metadata = recorded.map { ["first_transformed": $0.rawValue] } ?? [:]
            try writeSafeTensors(SmallNICE().tensors, metadata: metadata, to: path)
            return try NICEArchitecture(of: Checkpoint(contentsOf: path), firstTransformed: wanted).firstTransformed
        }
        #expect(try found(nil, nil) == .even)
        for parity in PixelParity.allCases {
            #expect(try found(nil, parity) == parity)
            #expect(try found(parity, nil) == parity)
            #expect(try found(parity, parity) == parity)
        }
        let error = #expect(throws: CheckpointError.self) { try found(.odd, .even) }
        #expect(error?.place == "metadata \"first_transformed\"")
    }

    /// What DataParallel, Lightning and torch.compile put before the names.
    @Test(arguments: ["module.", "model.", "_orig_mod.", "_orig_mod.module.", "module.model.", "model._orig_mod."])
    func wrappersPrefixesAreLeftOut(prefix: String) throws {
        let model = SmallNICE()
        var wrapped = model
        wrapped.tensors = model.tensors.map { (prefix + $0.name, $0.shape, $0.values) }
        let checkpoint = try open(wrapped.torchFile)
        #expect(checkpoint.namePrefix == prefix)
        #expect(checkpoint.tensors.map(\.name) == model.tensors.map(\.name))
        #expect(checkpoint["scaling.scale"]?.floats() == model.tensors.last?.values)
        #expect(try NICEArchitecture(of: checkpoint).couplings == 3)
    }

    @Test func anotherPrefixIsNamed() {
        var model = SmallNICE()
        model.tensors = model.tensors.map { ("net.\($0.name)", $0.shape, $0.values) }
        #expect(
            reason(model) == "tensor \"scaling.scale\": is missing: not a NICE model's state dict; there is "
                + "\"net.scaling.scale\": leave the prefix \"net.\" out of all names")
        // One name that lacks a wrapper's prefix keeps it from being left out.
        model.tensors = SmallNICE().tensors.map { ("module.\($0.name)", $0.shape, $0.values) } + [("extra", [1], [0])]
        #expect(reason(model)?.hasSuffix("leave the prefix \"module.\" out of all names") == true)
    }
}
