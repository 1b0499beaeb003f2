import Fixtures
import LinearAlgebra
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
        #expect(
            checkpoint.metadata == [
                "architecture": "NICE", "dimension": "6", "couplings": "3", "hidden_layers": "2", "width": "4",
                "prior": "logistic", "precision": "float32",
                "first_transformed": "even",
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
        let mean: [Float] = [0, 0.2, 0.4, 0.6, 0.8, 1]
        let factor = (0..<21).map { Float16(1 / Float($0 + 1)).bitPattern }
        let conversion = CheckpointConversion(
            precision: .float16, name: "small", statistics: TrainingStatistics(mean: mean, factor: factor),
            metadata: ["epochs": "36"])
        let architecture = try conversion.convert(input, to: output)
        let checkpoint = try Checkpoint(contentsOf: output)
        #expect(try NICEArchitecture(of: checkpoint) == architecture)
        #expect(checkpoint.metadata["name"] == "small")
        #expect(checkpoint.metadata["epochs"] == "36")
        #expect(checkpoint[NICEArchitecture.trainingMeanName]?.floats() == mean)
        #expect(checkpoint[NICEArchitecture.trainingMeanName]?.elementType == .float32)
        #expect(checkpoint[NICEArchitecture.trainingFactorName]?.halves() == factor)
    }

    @Test func convertingAgainChangesNothing() throws {
        let input = directory.write(model.torchFile, as: "in")
        try CheckpointConversion(
            precision: .float16, firstTransformed: .odd, name: "small",
            statistics: TrainingStatistics(mean: [0, 0, 0, 0, 0, 1], factor: Array(repeating: 0x3c00, count: 21)),
            metadata: ["k": "v"]
        ).convert(input, to: output)
        let first = try directory.read("out")
        try CheckpointConversion(precision: .float16).convert(output, to: output)
        #expect(try directory.read("out") == first)
        #expect(directory.names == ["in", "out"])
    }

    @Test func whatTheTensorsSayCannotBeGiven() {
        for key in ["dimension", "precision", "prior", "first_transformed"] {
            #expect(
                reason(CheckpointConversion(precision: .float16, metadata: [key: "x"]), model)?.hasPrefix(
                    "metadata \"\(key)\": is written by the conversion") == true)
        }
        #expect(directory.names == ["in"])
    }

    @Test func statisticsOfImagesOfAnotherSizeAreRefused() {
        let statistics = TrainingStatistics(mean: Array(repeating: 0, count: 784), factor: nil)
        #expect(
            reason(CheckpointConversion(precision: .float16, statistics: statistics), model)
                == "architecture: the training images have 784 pixels, but the model has 6")
        #expect(directory.names == ["in"])
    }

    /// A mean alone takes the place of another mean and its covariance.
    @Test func aCovarianceIsKeptOnlyWithItsMean() throws {
        let input = directory.write(model.torchFile, as: "in")
        let factor = [UInt16](repeating: 0x3c00, count: 21), mean = [Float](repeating: 0.5, count: 6)
        try CheckpointConversion(precision: .float16, statistics: .init(mean: mean, factor: factor)).convert(
            input, to: output)
        try CheckpointConversion(precision: .float16, statistics: .init(mean: mean, factor: nil)).convert(
            output, to: output)
        #expect(try Checkpoint(contentsOf: output)[NICEArchitecture.trainingFactorName] == nil)
    }

    @Test func whichPixelsMoveFirstIsRecorded() throws {
        let input = directory.write(model.torchFile, as: "in")
        let architecture = try CheckpointConversion(precision: .float32, firstTransformed: .odd).convert(
            input, to: output)
        #expect(architecture.firstTransformed == .odd)
        #expect(try Checkpoint(contentsOf: output).metadata["first_transformed"] == "odd")
        // It is kept, and can be corrected.
        try CheckpointConversion(precision: .float32).convert(output, to: output)
        #expect(try Checkpoint(contentsOf: output).metadata["first_transformed"] == "odd")
        try CheckpointConversion(precision: .float32, firstTransformed: .even).convert(output, to: output)
        #expect(try Checkpoint(contentsOf: output).metadata["first_transformed"] == "even")
    }

    @Test func weightsThatAreNotFiniteAreRefused() {
        for (name, value, precision, reason) in [
            (
                "coupling.1.out_block.weight", Float(70000), Precision.float16,
                "element [1, 1] is 70000.0, which float16 cannot hold"
            ),
            ("coupling.1.out_block.weight", .nan, .float16, "element [1, 1] is nan, which no weight can be"),
            ("coupling.1.out_block.weight", .infinity, .float32, "element [1, 1] is inf, which no weight can be"),
            ("coupling.1.out_block.weight", 1e30, .float32, "element [1, 1] is 1e+30: with it the norm of its row"),
            ("scaling.scale", .nan, .float16, "element [0, 5] is nan, which no weight can be"),
            ("scaling.scale", -89, .float32, "element [0, 5] is -89.0; e to its power"),
        ] {
            var model = model
            let index = model.tensors.firstIndex { $0.name == name }!
            model.tensors[index].values[5] = value
            let found = self.reason(CheckpointConversion(precision: precision), model)
            #expect(found?.hasPrefix("tensor \"\(name)\": \(reason)") == true)
            #expect(directory.names == ["in"])
        }
    }

    @Test func aDamagedCheckpointIsNotConverted() throws {
        var bytes = model.torchFile
        let place = try #require(
            bytes.indices.first { bytes[$0...].starts(with: TorchFile.bytes(model.tensors[0].values)) })
        bytes[place] ^= 1
        let input = directory.write(bytes, as: "in")
        #expect(throws: CheckpointError.self) {
            try CheckpointConversion(precision: .float32).convert(input, to: output)
        }
        #expect(directory.names == ["in"])
    }
}
