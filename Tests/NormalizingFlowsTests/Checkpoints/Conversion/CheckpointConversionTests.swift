import NormalizingFlows
import Testing

@Suite struct CheckpointConversionTests {
    let directory = TemporaryDirectory()
    let model = SmallNICE()
    var output: String { directory.path + "/out" }

    private func reason(_ conversion: CheckpointConversion, _ model: SmallNICE) -> String? {
        let input = directory.write(model.torchFile, as: "in")
        do throws(CheckpointError) {
            try conversion.convert(input, to: output)
            return nil
        } catch {
            return "\(error.place): \(error.reason)"
        }
    }

    @Test func float32KeepsEveryBit() throws {
        let input = directory.write(model.torchFile, as: "in")
        try CheckpointConversion(precision: .float32).convert(input, to: output)
        let checkpoint = try Checkpoint(contentsOf: output)
        #expect(checkpoint.tensors.map(\.name) == model.tensors.map(\.name))
        #expect(checkpoint.tensors.map(\.shape) == model.tensors.map(\.shape))
        #expect(checkpoint.tensors.map { $0.floats() } == model.tensors.map(\.values))
        #expect(checkpoint.metadata == [
            "architecture": "NICE", "dimension": "6", "couplings": "3", "hidden_layers": "2", "width": "4", "prior": "logistic", "precision": "float32",
        ])
    }

    @Test func float16RoundsTheMatricesAndNothingElse() throws {
        let input = directory.write(model.torchFile, as: "in")
        try CheckpointConversion(precision: .float16).convert(input, to: output)
        let checkpoint = try Checkpoint(contentsOf: output)
        for (tensor, original) in zip(checkpoint.tensors, model.tensors) {
            let isMatrix = original.name.hasSuffix(".weight")
            #expect(tensor.elementType == (isMatrix ? .float16 : .float32))
            #expect(tensor.floats() == (isMatrix ? original.values.map { Float(Float16($0)) } : original.values))
        }
        #expect(checkpoint.metadata["precision"] == "float16")
    }

    @Test func whatIsGivenIsRecorded() throws {
        let input = directory.write(model.torchFile, as: "in")
        let mean: [Float] = [0, 0.25, 0.5, 0.1, 1, 0.3]
        let conversion = CheckpointConversion(precision: .float16, name: "small", trainingMean: mean, metadata: ["epochs": "36"])
        let architecture = try conversion.convert(input, to: output)
        let checkpoint = try Checkpoint(contentsOf: output)
        #expect(try NICEArchitecture(of: checkpoint) == architecture)
        #expect(checkpoint.metadata["name"] == "small")
        #expect(checkpoint.metadata["epochs"] == "36")
        #expect(checkpoint[NICEArchitecture.trainingMeanName]?.floats() == mean)
        #expect(checkpoint[NICEArchitecture.trainingMeanName]?.elementType == .float32)
    }

    @Test func convertingAgainChangesNothing() throws {
        let input = directory.write(model.torchFile, as: "in")
        try CheckpointConversion(precision: .float16, name: "small", trainingMean: [0, 0, 0, 0, 0, 1], metadata: ["k": "v"]).convert(input, to: output)
        let first = try directory.read("out")
        try CheckpointConversion(precision: .float16).convert(output, to: output)
        #expect(try directory.read("out") == first)
        #expect(directory.names == ["in", "out"])
    }

    @Test func whatTheTensorsSayCannotBeGiven() {
        for key in ["dimension", "precision", "prior"] {
            #expect(reason(CheckpointConversion(precision: .float16, metadata: [key: "x"]), model)?.hasPrefix("metadata \"\(key)\": is written by the conversion") == true)
        }
        #expect(reason(CheckpointConversion(precision: .float16, trainingMean: [0, 1]), model)?.hasSuffix("has 6 pixels, the training mean 2") == true)
        #expect(reason(CheckpointConversion(precision: .float16, trainingMean: [0, 0, 0, 0, 0, 2]), model)?.hasSuffix("a pixel outside 0…1") == true)
        #expect(directory.names == ["in"])
    }

    @Test func weightsThatAreNotFiniteAreRefused() {
        for (name, value, precision, reason) in [
            ("coupling.1.out_block.weight", Float(70000), CheckpointConversion.Precision.float16, "element 5 is 70000.0, which float16 cannot hold"),
            ("coupling.1.out_block.weight", .nan, .float16, "element 5 is nan, which float16 cannot hold"),
            ("coupling.1.out_block.weight", .infinity, .float32, "element 5 is inf, which no weight can be"),
            ("scaling.scale", .nan, .float16, "element 5 is nan, which no weight can be"),
        ] {
            var model = model
            let index = model.tensors.firstIndex { $0.name == name }!
            model.tensors[index].values[5] = value
            #expect(self.reason(CheckpointConversion(precision: precision), model) == "tensor \"\(name)\": \(reason)")
            #expect(directory.names == ["in"])
        }
    }

    @Test func aDamagedCheckpointIsNotConverted() throws {
        var bytes = model.torchFile
        let place = try #require(bytes.indices.first { bytes[$0...].starts(with: TorchFile.bytes(model.tensors[0].values)) })
        bytes[place] ^= 1
        let input = directory.write(bytes, as: "in")
        #expect(throws: CheckpointError.self) { try CheckpointConversion(precision: .float32).convert(input, to: output) }
        #expect(directory.names == ["in"])
    }
}
