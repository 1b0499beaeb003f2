import LinearAlgebra
import NormalizingFlows
import Statistics
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// NICE as a flow of layers is NICE as it is served.
@Suite struct FlowNICETests {
    static let dimension = 12, couplings = 3, hidden = 2, width = 10

    /// A small model's numbers under PyTorch's names, as single precision holds them.
    static let tensors: [(name: String, shape: [Int], values: [Float])] = {
        var shapes: [(String, [Int])] = []
        for index in 0..<couplings {
            for (name, outputs, inputs) in [
                ("in_block.0", width, dimension / 2), ("mid_block.0.0", width, width),
                ("out_block", dimension / 2, width),
            ] {
                shapes.append(("coupling.\(index).\(name).weight", [outputs, inputs]))
                shapes.append(("coupling.\(index).\(name).bias", [outputs]))
            }
        }
        shapes.append(("scaling.scale", [1, dimension]))
        return shapes.enumerated().map { stream, tensor in
            let draws = normals(tensor.1.reduce(1, *), stream: 200 + UInt64(stream))
            return (tensor.0, tensor.1, draws.map { Float(0.4 * $0) })
        }
    }()

    /// The model read from a checkpoint, which is the only way to its architecture.
    static func checkpoint() throws -> Checkpoint {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("flow-nice-\(UUID()).safetensors").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        var writer = try SafeTensorsWriter(path, tensors: tensors.map {
            .init(name: $0.name, elementType: .float32, shape: $0.shape)
        })
        for tensor in tensors { try writer.append(tensor.values) }
        try writer.finish()
        return try Checkpoint(contentsOf: path)
    }

    static func flow(_ architecture: NICEArchitecture) throws -> Flow {
        try Flow(architecture) { name in
            tensors.first { $0.name == name }!.values.map(Double.init)
        }
    }

    @Test func bothSayTheSameOfAnImage() throws {
        let checkpoint = try Self.checkpoint()
        let flow = try Self.flow(try NICEArchitecture(of: checkpoint))
        let model = try NICE(checkpoint, precision: .float32), workspace = model.makeWorkspace()
        for stream in 300..<305 {
            let x = normals(Self.dimension, stream: UInt64(stream)).map { Float($0) }
            let encoding = flow.encode(
                Tensor(TensorShape(channels: Self.dimension), elements: x.map(Double.init)))
            model.differentiate(x, in: workspace)
            let latent = encoding.output.elements
            #expect(largestDifference(workspace.latent.map(Double.init), latent) < 1e-5)
            #expect(abs(encoding.logAbsDetJacobian[0] - model.logAbsDetJacobian) < 1e-12)
            // ∂ log p / ∂z of the logistic prior is −tanh(z/2).
            let slope = latent.map { -ElementaryFunction.tanh(0.5 * $0) }
            let gradient = flow.backPropagate(
                Tensor(encoding.output.shape, elements: slope), logAbsDetWeights: [1],
                through: encoding.trace)
            #expect(
                largestDifference(workspace.gradient.map(Double.init), gradient.input.elements) < 1e-5)
            let back = try model.decode(workspace.latent, in: workspace)
            #expect(largestDifference(
                back.map(Double.init), flow.decode(encoding.output).output.elements) < 1e-5)
        }
    }

    @Test func parametersStandInTheArchitecturesOrder() throws {
        let architecture = try NICEArchitecture(of: try Self.checkpoint())
        let flow = try Self.flow(architecture)
        #expect(architecture.parameters.map(\.name) == Self.tensors.map(\.name))
        #expect(flow.parameters.map(\.values) == Self.tensors.map { $0.values.map(Double.init) })
    }
}
