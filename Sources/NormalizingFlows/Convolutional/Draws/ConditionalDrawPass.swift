import LinearAlgebra

/// A thread's memory for draws of missing pixels.
///
/// `@unchecked Sendable`: one thread at a time uses it; whoever hands it to another one does so through a lock.
public final class ConditionalDrawPass: @unchecked Sendable {
    private let model: ConvolutionalModel
    private let pass: ConvolutionalPass
    private var latents: [Float] = []
    private var images: [Float]

    /// - Precondition: the model is conditional.
    public init(of model: ConvolutionalModel) throws(OutOfMemory) {
        precondition(model.architecture.conditioner != nil)
        self.model = model
        pass = try ConvolutionalPass(
            model.architecture, capacity: ConditionalDrawRun.piece, differentiates: false)
        images = Array(repeating: 0, count: ConditionalDrawRun.piece * model.architecture.dimension)
    }

    /// Makes a piece of a run of the same model.
    ///
    /// - Throws: `OutOfMemory`; `NonFiniteValue` where a number on the way leaves the range of single precision.
    public func make(_ piece: ConditionalDrawRun.Piece, of run: ConditionalDrawRun) throws -> ConditionalDrawRun.Made {
        precondition(run.model === model)
        switch piece {
        case .conditions:
            let conditions = try ConvolutionalConditions(model.architecture)
            conditions.set(
                known: run.image.map(GreyLevel.spread), missing: run.known.map { $0 ? 0 : 1 },
                parameters: model.parameters)
            return .conditions(conditions)
        case .draws(let range, let conditions):
            return try draw(range, given: conditions, of: run)
        }
    }

    private func draw(
        _ range: Range<Int>, given conditions: ConvolutionalConditions, of run: ConditionalDrawRun
    ) throws(NonFiniteValue) -> ConditionalDrawRun.Made {
        let dimension = model.architecture.dimension
        latents.removeAll(keepingCapacity: true)
        for index in range { latents += run.latent(index) }
        var values = [Double](repeating: 0, count: range.count)
        images.withUnsafeMutableBufferPointer { images in
            guard let target = images.baseAddress else { return }
            pass.decode(
                latents, given: conditions, count: range.count, parameters: model.parameters, into: target,
                logProbabilities: &values)
        }
        if values.contains(where: { !$0.isFinite }) { throw NonFiniteValue(.logLikelihood) }
        var pixels: [Float] = []
        pixels.reserveCapacity(range.count * run.missing.count)
        for index in range.indices {
            for k in run.missing {
                let x = images[(index - range.lowerBound) * dimension + k]
                guard x.isFinite else { throw NonFiniteValue(.decoding(pixel: k)) }
                pixels.append(GreyLevel.pixel(x))
            }
        }
        return .draws(range, pixels: pixels, logLikelihoods: values)
    }
}
