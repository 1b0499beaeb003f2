import LinearAlgebra
import Statistics

/// A flow's parameters, and what is made of them once for all passes.
///
/// `@unchecked Sendable`: whoever calls `refresh` sees to it that no pass uses the parameters meanwhile.
package final class ConvolutionalParameters: @unchecked Sendable {
    package let architecture: ConvolutionalArchitecture
    package let layout: ConvolutionalArchitecture.Layout
    /// In the layout. Whoever refreshes keeps them for as long as this object is used.
    package private(set) var values: UnsafePointer<Float>
    let steps: [Step]
    private let storage = Storage(chunk: 1 << 20)

    /// What is made of a step's parameters. Matrices are (inputs, outputs), row by row.
    struct Step {
        /// (U + diag(s)) P and L + I, (depth, depth): row j is of input j. P is the step's permutation.
        let upper, lower: UnsafeMutablePointer<Float>
        /// Both together; nil where all numbers of a position may not be missing.
        let both: UnsafeMutablePointer<Float>?
        /// s, (depth).
        let scale: UnsafeMutablePointer<Float>
        /// Number i after it was number `permutation[i]` before it.
        let permutation: UnsafePointer<Int>
        /// The weights of the coupling's network for the way back, (outputs, inputs); nil where they are not kept.
        let inTransposed, midTransposed, outTransposed: UnsafeMutablePointer<Float>?
    }

    /// - Parameters:
    ///   - values: in the architecture's layout; they must live as long as this object.
    ///   - keepsTransposes: keep the networks' weights a second time, for gradients of few images.
    package init(
        _ architecture: ConvolutionalArchitecture, _ values: UnsafePointer<Float>, keepsTransposes: Bool = false
    ) throws(OutOfMemory) {
        self.architecture = architecture
        let layout = ConvolutionalArchitecture.Layout(architecture)
        self.layout = layout
        self.values = values
        let depth = architecture.depth, hidden = architecture.hidden, taps = architecture.taps
        let storage = storage
        func matrix(_ rows: Int, _ columns: Int) throws(OutOfMemory) -> UnsafeMutablePointer<Float> {
            try storage.make(Float.self, count: rows * columns)
        }
        let outColumns = layout.steps.first.map { layout.tensors[$0.outWeight].columns } ?? 0
        var steps: [Step] = []
        for permutation in architecture.permutations {
            let places = try storage.make(Int.self, count: depth)
            for k in 0..<depth { places[k] = permutation[k] }
            steps.append(
                Step(
                    upper: try matrix(depth, depth), lower: try matrix(depth, depth),
                    both: architecture.conditioner == nil ? try matrix(depth, depth) : nil,
                    scale: try matrix(1, depth), permutation: UnsafePointer(places),
                    inTransposed: keepsTransposes ? try matrix(hidden, taps * architecture.kept) : nil,
                    midTransposed: keepsTransposes ? try matrix(hidden, hidden) : nil,
                    outTransposed: keepsTransposes ? try matrix(outColumns, hidden) : nil))
        }
        self.steps = steps
        refresh(from: values)
    }

    /// Makes everything anew from other numbers.
    package func refresh(from values: UnsafePointer<Float>) {
        self.values = values
        for (index, step) in steps.enumerated() { refresh(step, layout.steps[index]) }
    }

    private func refresh(_ step: Step, _ tensors: ConvolutionalArchitecture.StepTensors) {
        let depth = architecture.depth, upper = matrix(tensors.upper), lower = matrix(tensors.lower)
        let all = UnsafeMutableBufferPointer(start: step.scale, count: depth)
        SingleElementaryFunction.exp.apply(
            to: UnsafeBufferPointer(start: pointer(tensors.logScale), count: depth), into: all)
        for i in 0..<depth {
            for j in 0..<depth {
                step.upper[step.permutation[j] * depth + i] =
                    i == j ? step.scale[i] : upper.elements[i * upper.rowStride + j]
                step.lower[j * depth + i] = i == j ? 1 : lower.elements[i * lower.rowStride + j]
            }
        }
        if let both = step.both {
            MatrixProduct(
                MatrixView(step.upper, stride: depth), MatrixView(step.lower, stride: depth), into: both, stride: depth,
                rows: depth, columns: depth, depth: depth
            ).multiply()
        }
        for (target, tensor) in [
            (step.inTransposed, tensors.inWeight), (step.midTransposed, tensors.midWeight),
            (step.outTransposed, tensors.outWeight),
        ] {
            guard let target else { continue }
            let source = pointer(tensor), sizes = layout.tensors[tensor]
            for i in 0..<sizes.rows {
                for j in 0..<sizes.columns { target[j * sizes.rows + i] = source[i * sizes.stride + j] }
            }
        }
    }

    /// Σ log s of a step.
    func logScale(of step: Int) -> Double {
        let logScale = pointer(layout.steps[step].logScale)
        return (0..<architecture.depth).reduce(0) { $0 + Double(logScale[$1]) }
    }

    func mixture(of step: Int) -> ChannelMixture {
        ChannelMixture(
            lower: steps[step].lower, upper: steps[step].upper, bias: pointer(layout.steps[step].bias),
            permutation: steps[step].permutation, depth: architecture.depth)
    }

    func pointer(_ tensor: Int) -> UnsafePointer<Float> { values + layout.tensors[tensor].offset }

    func matrix(_ tensor: Int) -> MatrixView {
        MatrixView(pointer(tensor), stride: layout.tensors[tensor].stride)
    }

    /// A tensor's transpose: the copy of it, if there is one.
    func transposed(_ tensor: Int, _ copy: UnsafeMutablePointer<Float>?) -> MatrixView {
        guard let copy else { return matrix(tensor).transposed }
        return MatrixView(copy, stride: layout.tensors[tensor].rows)
    }
}

extension MatrixProduct {
    /// Computes all of it on this thread.
    func multiply() {
        for panel in 0..<panels { multiply(panel: panel) }
    }
}
