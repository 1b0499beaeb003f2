import LinearAlgebra

/// Features of the known pixels and the mask, which a conditional model's couplings see.
///
/// They come out of a residual network over the positions: a 3×3 convolution, then blocks that each add a 3×3 and a 1×1
/// convolution of the rectified features (He et al., "Identity Mappings in Deep Residual Networks", 2016).
final class ConditionerPass {
    private let architecture: ConvolutionalArchitecture
    private let differentiates: Bool
    private var width: Int { architecture.features }
    private var inputs: Int { 2 * architecture.depth }
    private var taps: Int { architecture.taps }

    /// The known pixels as 2x − 1, 0 where one is missing, then the mask: (positions, 2 · depth).
    let input: UnsafeMutablePointer<Float>
    /// The sums of the blocks: (positions, features).
    private let sums: UnsafeMutablePointer<Float>
    /// Of each block what it is given, rectified, and its hidden channels.
    private let blocks: [(rectified: UnsafeMutablePointer<Float>, hidden: UnsafeMutablePointer<Float>)]
    /// What the couplings see: (positions, features).
    let features: UnsafeMutablePointer<Float>
    /// The gradient with respect to the features, to which the couplings add.
    let slope: UnsafeMutablePointer<Float>
    private let neighbors, hiddenSlope: UnsafeMutablePointer<Float>
    init(
        _ architecture: ConvolutionalArchitecture, capacity: Int, differentiates: Bool, in storage: Storage
    ) throws(OutOfMemory) {
        self.architecture = architecture
        self.differentiates = differentiates
        let rows = capacity * architecture.positions, width = architecture.features
        func matrix(_ columns: Int) throws(OutOfMemory) -> UnsafeMutablePointer<Float> {
            try storage.make(Float.self, count: rows * columns)
        }
        input = try matrix(2 * architecture.depth)
        sums = try matrix(width)
        var blocks: [(rectified: UnsafeMutablePointer<Float>, hidden: UnsafeMutablePointer<Float>)] = []
        for _ in 0..<(differentiates ? architecture.conditioner?.blocks ?? 0 : 1) {
            blocks.append((rectified: try matrix(width), hidden: try matrix(width)))
        }
        self.blocks = blocks
        features = try matrix(width)
        slope = try matrix(differentiates ? width : 0)
        neighbors = try matrix(architecture.taps * max(width, 2 * architecture.depth))
        hiddenSlope = try matrix(differentiates ? width : 0)
    }

    private func buffers(
        of block: Int
    ) -> (rectified: UnsafeMutablePointer<Float>, hidden: UnsafeMutablePointer<Float>) {
        blocks[differentiates ? block : 0]
    }

    /// The features ← those of `input`.
    func evaluate(_ grid: Grid, _ parameters: ConvolutionalParameters) {
        guard let tensors = parameters.layout.conditioner else { return }
        let rows = grid.count, width = width
        convolve(input, inputs, grid, weight: tensors.inWeight, bias: tensors.inBias, parameters, into: sums)
            .multiply()
        for (index, block) in tensors.blocks.enumerated() {
            let (rectified, hidden) = buffers(of: index)
            for k in 0..<rows * width { rectified[k] = max(sums[k], 0) }
            convolve(
                rectified, width, grid, weight: block.firstWeight, bias: block.firstBias, parameters, into: hidden
            ).rectified().multiply()
            let bias = parameters.pointer(block.secondBias)
            for row in 0..<rows {
                for k in 0..<width { sums[row * width + k] += bias[k] }
            }
            MatrixProduct(
                MatrixView(hidden, stride: width), parameters.matrix(block.secondWeight), into: sums, stride: width,
                rows: rows, columns: width, depth: width
            ).accumulating().multiply()
        }
        for k in 0..<rows * width { features[k] = max(sums[k], 0) }
    }

    /// A 3×3 convolution, up to what is done with its sums.
    private func convolve(
        _ source: UnsafePointer<Float>, _ channels: Int, _ grid: Grid, weight: Int, bias: Int,
        _ parameters: ConvolutionalParameters, into target: UnsafeMutablePointer<Float>
    ) -> MatrixProduct {
        grid.gather(source, channels: channels, into: neighbors, stride: taps * channels)
        return MatrixProduct(
            MatrixView(neighbors, stride: taps * channels), parameters.matrix(weight), into: target, stride: width,
            rows: grid.count, columns: width, depth: taps * channels
        ).adding(bias: parameters.pointer(bias))
    }

    /// The gradient of the conditioner's parameters, from `slope`, which it uses up.
    func backPropagate(
        _ grid: Grid, _ parameters: ConvolutionalParameters, gradient: UnsafeMutablePointer<Float>
    ) {
        guard let tensors = parameters.layout.conditioner else { return }
        let rows = grid.count, width = width, layout = parameters.layout
        func target(_ tensor: Int) -> (values: UnsafeMutablePointer<Float>, stride: Int) {
            (gradient + layout.tensors[tensor].offset, layout.tensors[tensor].stride)
        }
        for k in 0..<rows * width where !(features[k] > 0) { slope[k] = 0 }
        for (index, block) in tensors.blocks.enumerated().reversed() {
            let (rectified, hidden) = buffers(of: index)
            weightGradient(hidden, width, slope, rows, into: target(block.secondWeight))
            ColumnSums.sum(slope, stride: width, rows: rows, columns: width, into: target(block.secondBias).values)
            MatrixProduct(
                MatrixView(slope, stride: width), parameters.matrix(block.secondWeight).transposed, into: hiddenSlope,
                stride: width, rows: rows, columns: width, depth: width
            ).gated(by: hidden, stride: width).multiply()
            grid.gather(rectified, channels: width, into: neighbors, stride: taps * width)
            weightGradient(neighbors, taps * width, hiddenSlope, rows, into: target(block.firstWeight))
            ColumnSums.sum(
                hiddenSlope, stride: width, rows: rows, columns: width, into: target(block.firstBias).values)
            MatrixProduct(
                MatrixView(hiddenSlope, stride: width), parameters.matrix(block.firstWeight).transposed,
                into: neighbors, stride: taps * width, rows: rows, columns: taps * width, depth: width
            ).multiply()
            // What flows back through the 3×3 convolution passes where the sum was above 0.
            hiddenSlope.update(repeating: 0, count: rows * width)
            grid.scatter(neighbors, stride: taps * width, channels: width, into: hiddenSlope)
            for k in 0..<rows * width where rectified[k] > 0 { slope[k] += hiddenSlope[k] }
        }
        grid.gather(input, channels: inputs, into: neighbors, stride: taps * inputs)
        weightGradient(neighbors, taps * inputs, slope, rows, into: target(tensors.inWeight))
        ColumnSums.sum(slope, stride: width, rows: rows, columns: width, into: target(tensors.inBias).values)
    }

    private func weightGradient(
        _ input: UnsafePointer<Float>, _ inputs: Int, _ slope: UnsafePointer<Float>, _ rows: Int,
        into target: (values: UnsafeMutablePointer<Float>, stride: Int)
    ) {
        MatrixProduct(
            MatrixView(input, stride: inputs).transposed, MatrixView(slope, stride: width), into: target.values,
            stride: target.stride, rows: inputs, columns: width, depth: rows
        ).multiply()
    }
}
