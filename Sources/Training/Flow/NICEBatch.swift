import LinearAlgebra
import NormalizingFlows

/// What a pass of a batch through NICE leaves: each coupling's input and hidden layers, the latents, and room for the
/// way back. All matrices have an image a row.
final class NICEBatch {
    /// The two halves of the pixels, moved by one coupling after the other, later the gradient with respect to
    /// them: (capacity, D/2).
    let halves: [UnsafeMutablePointer<Float>]
    let slopes: [UnsafeMutablePointer<Float>]
    /// Of each coupling the half that it keeps.
    let inputs: [UnsafeMutablePointer<Float>]
    /// Of each coupling its hidden layers.
    var hidden: [[HiddenLayer]]
    /// Pre-activations of one layer, all units: (capacity, W).
    let rectified: UnsafeMutablePointer<Float>
    /// The largest activation of each unit.
    let maxima: UnsafeMutablePointer<Float>
    /// The gradient with respect to a hidden layer's active units, of two layers in turn.
    let hiddenSlopes: [UnsafeMutablePointer<Float>]
    /// d log p / d log-scale of each pixel of each image.
    let scaleSlopes: UnsafeMutablePointer<Float>
    let halfStride, widthStride: Int

    /// A hidden layer's active units.
    struct HiddenLayer {
        /// (capacity, active units), `widthStride` numbers from one row to the next.
        let values: UnsafeMutablePointer<Float>
        var active: ActiveUnits
    }

    init(_ architecture: NICEArchitecture, capacity: Int, in storage: Storage) throws(OutOfMemory) {
        let halfStride = Self.padded(architecture.dimension / 2), widthStride = Self.padded(architecture.width)
        func matrix(_ stride: Int) throws(OutOfMemory) -> UnsafeMutablePointer<Float> {
            let size = capacity.multipliedReportingOverflow(by: stride)
            return try storage.make(Float.self, count: size.overflow ? -1 : size.partialValue)
        }
        func matrices(_ count: Int, _ stride: Int) throws(OutOfMemory) -> [UnsafeMutablePointer<Float>] {
            var result: [UnsafeMutablePointer<Float>] = []
            for _ in 0..<count { result.append(try matrix(stride)) }
            return result
        }
        self.halfStride = halfStride
        self.widthStride = widthStride
        halves = try matrices(2, halfStride)
        slopes = try matrices(2, halfStride)
        inputs = try matrices(architecture.couplings, halfStride)
        var hidden: [[HiddenLayer]] = []
        for _ in 0..<architecture.couplings {
            var layers: [HiddenLayer] = []
            for _ in 0..<architecture.hiddenLayers {
                layers.append(
                    HiddenLayer(
                        values: try matrix(widthStride),
                        active: ActiveUnits(
                            numbers: try storage.make(UInt32.self, count: architecture.width), count: 0)))
            }
            hidden.append(layers)
        }
        self.hidden = hidden
        rectified = try matrix(widthStride)
        maxima = try storage.make(Float.self, count: widthStride)
        hiddenSlopes = try matrices(2, widthStride)
        scaleSlopes = try matrix(architecture.dimension)
    }

    /// A row's length in memory: whole cache lines, and no multiple of 4 KiB, so that rows do not compete for
    /// the same places of the nearest cache.
    static func padded(_ columns: Int) -> Int {
        let lines = (columns + 15) / 16 * 16
        return lines.isMultiple(of: 1024) ? lines + 16 : lines
    }
}

/// Those units of a hidden layer that at least one image of the batch activates.
struct ActiveUnits: BitwiseCopyable {
    /// In rising order.
    let numbers: UnsafeMutablePointer<UInt32>
    var count: Int
}
