import NormalizingFlows
import Testing

@Suite struct ConvolutionalModelTests {
    /// A file of a small flow, with some metadata replaced or, where nil, left out, and one tensor changed.
    static func write(
        _ small: SmallConvolutional, in directory: TemporaryDirectory, metadata changes: [String: String?] = [:],
        change: (_ name: String, _ shape: inout [Int], _ values: inout [Float]) -> Void = { _, _, _ in }
    ) throws -> String {
        var metadata = small.architecture.metadata
        for (key, value) in changes { metadata[key] = value }
        let tensors = small.parameters.withUnsafeBufferPointer { parameters in
            small.layout.tensors.map { tensor in
                var shape = tensor.shape, values = tensor.exported(parameters.baseAddress!)
                change(tensor.name, &shape, &values)
                return (name: tensor.name, shape: shape, values: values)
            }
        }
        let path = directory.path + "/flow.safetensors"
        var writer = try SafeTensorsWriter(
            path, tensors: tensors.map { .init(name: $0.name, elementType: .float32, shape: $0.shape) },
            metadata: metadata)
        for tensor in tensors { try writer.append(tensor.values) }
        try writer.finish()
        return path
    }

    static func reason(_ path: String) -> String {
        do {
            _ = try ConvolutionalModel(Checkpoint(contentsOf: path))
            return "none"
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: SmallConvolutional.all.indices) func aFlowComesBackAsItWasWritten(number: Int) throws {
        let small = SmallConvolutional.all[number], directory = TemporaryDirectory()
        let model = try ConvolutionalModel(Checkpoint(contentsOf: Self.write(small, in: directory)))
        #expect(model.architecture == small.architecture)
        for k in small.parameters.indices { #expect(model.parameters[k] == small.parameters[k]) }
    }

    @Test(
        arguments: [
            ("steps", nil), ("steps", "0"), ("steps", "99999999999999999999"), ("block", "5"), ("block", "-2"),
            ("rows", "5"),
            ("columns", "1e3"), ("channels", "9"), ("conditioner_features", "0"), ("conditioner_blocks", nil),
            ("permutation_seed", "-1"), ("architecture", "NICE"),
        ] as [(String, String?)])
    func aSizeThatCannotBeIsNamed(key: String, value: String?) throws {
        let directory = TemporaryDirectory()
        let path = try Self.write(SmallConvolutional.all[1], in: directory, metadata: [key: value])
        // Rows and columns that the block does not divide blame the block.
        #expect(Self.reason(path).contains("metadata \"\(key == "rows" ? "block" : key)\""))
    }

    @Test func aTensorOfAnotherShapeOrWithoutAFiniteNumberIsNamed() throws {
        let small = SmallConvolutional.all[0], directory = TemporaryDirectory()
        let more = try Self.write(small, in: directory, metadata: ["steps": "4"])
        #expect(Self.reason(more).contains("tensor \"steps.3.lower\": is missing"))
        let wider = try Self.write(small, in: directory, metadata: ["hidden": "6"])
        #expect(Self.reason(wider).contains("tensor \"steps.0.in.weight\": has the shape [5, 18]"))
        let infinite = try Self.write(small, in: directory) { name, _, values in
            if name == "steps.1.bias" { values[2] = .infinity }
        }
        #expect(Self.reason(infinite).contains("tensor \"steps.1.bias\": number 2 is not finite"))
    }

    /// Whoever serves one is told what it is.
    @Test func itIsNotTakenForNICE() throws {
        let directory = TemporaryDirectory()
        let checkpoint = try Checkpoint(contentsOf: Self.write(SmallConvolutional.all[0], in: directory))
        #expect {
            try NICEArchitecture(of: checkpoint)
        } throws: {
            "\($0)".contains("can be trained but not used yet")
        }
    }
}
