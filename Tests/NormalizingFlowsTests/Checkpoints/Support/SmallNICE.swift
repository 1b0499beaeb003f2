import Fixtures
import NormalizingFlows
import SeededRandom

/// The state dict of a NICE model small enough to write down: every name, shape and value.
struct SmallNICE {
    var tensors: [(name: String, shape: [Int], values: [Float])] = []

    init(dimension: Int = 6, couplings: Int = 3, hiddenLayers: Int = 2, width: Int = 4, seed: UInt64 = 1) {
        var generator = SplitMix64(seed: seed)
        func add(_ name: String, _ shape: [Int]) {
            tensors.append((name, shape, (0..<shape.reduce(1, *)).map { _ in .random(in: -2...2, using: &generator) }))
        }
        for i in 0..<couplings {
            add("coupling.\(i).in_block.0.weight", [width, dimension / 2])
            add("coupling.\(i).in_block.0.bias", [width])
            for j in 0..<hiddenLayers - 1 {
                add("coupling.\(i).mid_block.\(j).0.weight", [width, width])
                add("coupling.\(i).mid_block.\(j).0.bias", [width])
            }
            add("coupling.\(i).out_block.weight", [dimension / 2, width])
            add("coupling.\(i).out_block.bias", [dimension / 2])
        }
        add("scaling.scale", [1, dimension])
    }

    var torchFile: [UInt8] { TorchFile.stateDict(tensors) }

    /// The same without one tensor, or with another in its place.
    func replacing(_ name: String, by replacement: (name: String, shape: [Int], values: [Float])? = nil) -> SmallNICE {
        var copy = self
        copy.tensors = tensors.compactMap { $0.name == name ? replacement : $0 }
        return copy
    }
}

/// Writes a safetensors file of float32 tensors.
func writeSafeTensors(
    _ tensors: [(name: String, shape: [Int], values: [Float])], metadata: [String: String] = [:], to path: String
) throws(CheckpointError) {
    var writer = try SafeTensorsWriter(
        path, tensors: tensors.map { .init(name: $0.name, elementType: .float32, shape: $0.shape) }, metadata: metadata)
    for tensor in tensors { try writer.append(tensor.values) }
    try writer.finish()
}
