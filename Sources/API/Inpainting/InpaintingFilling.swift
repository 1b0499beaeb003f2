import Compute
import NormalizingFlows
import Statistics

/// A request with all that was left open chosen: ready to run.
struct InpaintingFilling: Sendable {
    let request: InpaintingRequest
    let seed: UInt64
    let initial: InpaintingRequest.Initial
    let start: [Float]
    /// What the known pixels leave each pixel, where the start is the conditional mean.
    let deviations: [Float]?
    /// Of the model, where the steps are scaled to it.
    let curvature: [Float]?
    /// Of what was made beforehand.
    let timing: Timing
    let context: WorkContext
    /// The model that fills, and the SHA-256 of its file.
    let model: LoadedModel
    let digest: String

    func makeRun() -> InpaintingRun {
        let specification = InpaintingSpecification(
            image: request.image.map { Float($0 ?? 0) }, known: request.known)
        let limits = InpaintingRun.Limits(
            iterations: request.iterations, tolerance: request.tolerance,
            traceEvery: request.traceEvery)
        return InpaintingRun(specification, from: start, rule: rule, limits: limits)
    }

    /// The draws that `posterior` asks for.
    ///
    /// - Parameters:
    ///   - gaussian: of the missing pixels given the known ones.
    ///   - noise: σ of the noise in the images that the model was trained on.
    func makePosteriorRun(_ gaussian: PosteriorGaussian, noise: Double) -> PosteriorRun {
        PosteriorRun(
            PosteriorSpecification(
                image: request.image.map { Float($0 ?? 0) }, known: request.known, noise: noise,
                range: noise > 0 ? .unbounded : .unitInterval, gaussian: gaussian, chains: request.samples,
                iterations: request.iterations, traceEvery: request.traceEvery, seed: seed))
    }

    private var rule: any AscentRule {
        let dimension = request.known.count
        switch (request.method, request.stepSize) {
        case (.noisyGradient, _):
            return NoisyGradient(
                dimension: dimension, curvature: curvature, using: Philox(seed: seed, stream: 2))
        case (.projectedGradient, .constant(let value)):
            return ConstantStep(stepSize: Float(value))
        case (.projectedGradient, .auto):
            return AdaptiveStep(dimension: dimension, iterations: request.iterations, reach: deviations)
        case (.projectedGradient, .adam), (.projectedGradient, .paper), (.posterior, _):
            return AdaptiveStep(dimension: dimension, iterations: request.iterations)
        }
    }

    /// The image with `values` in its missing pixels. Known pixels are the very doubles that were
    /// given; a filled one is the shortest decimal of its single-precision value, so that sent
    /// back it is the same number.
    func image(_ values: [Float]) -> [Double] {
        request.known.indices.map { k in
            if request.known[k], let given = request.image[k] { return given }
            return shortest(values[k])
        }
    }

    func shortest(_ value: Float) -> Double { Double(value.description) ?? Double(value) }

    /// The draws' deviation in each pixel, 0 in known ones.
    func spread(_ deviations: [Float]) -> [Double] {
        zip(request.known, deviations).map { $0 ? 0 : shortest($1) }
    }

    /// What a stream says at a point of the run's trace.
    func progressLine(_ run: InpaintingRun) -> JSON {
        line(run.trace.last?.iteration ?? 0, run.trace.last?.logLikelihood, run.evaluated)
    }

    /// What is told of a run that did not end.
    func partial(_ run: InpaintingRun) -> JSON {
        line(run.iteration, run.logLikelihood, run.answer)
    }

    func line(_ iteration: Int, _ logLikelihood: Double?, _ values: [Float]) -> JSON {
        .object([
            ("iteration", .integer(iteration)),
            ("log_likelihood", .optional(logLikelihood)),
            ("image", ImageJSON(shape: request.shape).rows(image(values))),
        ])
    }
}
