import LinearAlgebra
import NormalizingFlows
import Statistics
import Testing

@Suite struct ConvolutionalModelTests {
    let directory = TemporaryDirectory()

    private func read(
        _ small: SmallConvolutional, changing metadata: [String: String?] = [:], without missing: String = "",
        as elementType: CheckpointTensor.ElementType = .float32, first: Float? = nil
    ) throws -> ConvolutionalModel {
        let path = directory.path + "/model.safetensors"
        let tensors = small.parameters.layout.tensors.filter { $0.name != missing }
        var writer = try SafeTensorsWriter(
            path, tensors: tensors.map { .init(name: $0.name, elementType: elementType, shape: $0.shape) },
            metadata: small.architecture.metadata.merging(metadata.compactMapValues { $0 }) { $1 }.filter {
                metadata[$0.key] != .some(nil)
            })
        for tensor in tensors {
            var numbers = tensor.exported(small.parameters.values)
            if let first { numbers[0] = first }
            if elementType == .float16 {
                try writer.append(numbers.map { Float16($0).bitPattern })
            } else {
                try writer.append(numbers)
            }
        }
        try writer.finish()
        return try ConvolutionalModel(Checkpoint(contentsOf: path))
    }

    /// What the file is refused with, without its name.
    private func refusal(
        _ small: SmallConvolutional, changing metadata: [String: String?] = [:], without missing: String = "",
        first: Float? = nil
    ) -> String? {
        do {
            _ = try read(small, changing: metadata, without: missing, first: first)
            return nil
        } catch let error as CheckpointError {
            return error.place + ": " + error.reason
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: SmallConvolutional.all.indices) func whatIsWrittenIsRead(number: Int) throws {
        let small = SmallConvolutional.all[number], model = try read(small)
        #expect(model.architecture == small.architecture)
        for tensor in small.parameters.layout.tensors {
            #expect(tensor.exported(model.parameters.values) == tensor.exported(small.parameters.values))
        }
    }

    #if !(os(macOS) && arch(x86_64))
    @Test func halfPrecisionIsWidened() throws {
        let small = SmallConvolutional.all[1], model = try read(small, as: .float16)
        for tensor in small.parameters.layout.tensors {
            let expected = tensor.exported(small.parameters.values).map { Float(Float16($0)) }
            #expect(tensor.exported(model.parameters.values) == expected)
        }
    }
    #endif

    @Test func aFileWithoutACouplingHasTheAffineOne() throws {
        #expect(try read(SmallConvolutional.all[0], changing: ["coupling": nil]).architecture.coupling == .affine)
    }

    /// In the file a number's outputs follow one another; in memory an output's numbers do.
    @Test func splinesOutputsAreInterleaved() throws {
        let small = SmallConvolutional.all[6], layout = small.parameters.layout, moved = small.architecture.moved
        let tensor = layout.tensors[layout.steps[1].outBias], outputs = tensor.count / moved
        let exported = tensor.exported(small.parameters.values)
        for j in 0..<moved {
            for q in 0..<outputs {
                #expect(exported[j * outputs + q] == small.parameters.values[tensor.offset + q * moved + j])
            }
        }
    }

    @Test func aFileWithoutAScaleHasTheLogit() throws {
        #expect(try read(SmallConvolutional.all[0], changing: ["scale": nil]).architecture.scale == .logit)
        #expect(try read(SmallConvolutional.all[0], changing: ["scale": "linear"]).architecture.scale == .linear)
    }

    @Test func whatIsWrongIsNamed() {
        let small = SmallConvolutional.all[1]
        func expect(_ refusal: String?, _ parts: String...) {
            for part in parts { #expect(refusal?.contains(part) == true, "\(refusal ?? "accepted")") }
        }
        expect(refusal(small, changing: ["scale": "cubic"]), "\"scale\"", "\"linear\", \"logit\"")
        expect(refusal(small, changing: ["coupling": "cubic"]), "\"coupling\"", "\"affine\" nor \"spline\"")
        let spline = SmallConvolutional.all[6]
        for bound in ["0", "-1", "nan", "inf", "1e9", nil] {
            expect(refusal(spline, changing: ["bound": bound]), "\"bound\"", "0.001 to 1000")
        }
        for bins in ["1", "33", "-4", nil] { expect(refusal(spline, changing: ["bins": bins]), "\"bins\"") }
        expect(refusal(spline, changing: ["bins": "5"]), "steps.0.out.weight", "shape")
        expect(refusal(small, changing: ["steps": nil]), "\"steps\"", "missing")
        expect(refusal(small, changing: ["steps": "-1"]), "\"steps\"", "-1")
        expect(refusal(small, changing: ["steps": "99999999999999999999"]), "\"steps\"")
        expect(refusal(small, changing: ["block": "3"]), "\"block\"", "divide")
        // 4 · 16 · 16 numbers at a position.
        expect(
            refusal(small, changing: ["channels": "4", "rows": "16", "columns": "16", "block": "16"]), "\"block\"",
            "1024", "192")
        expect(refusal(small, changing: ["hidden": "6"]), "steps.0.in.weight", "shape")
        expect(refusal(small, without: "steps.1.bias"), "steps.1.bias", "missing")
        expect(refusal(small, first: .infinity), "number 0 is not finite")
    }
}
