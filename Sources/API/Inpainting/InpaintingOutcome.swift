import Compute
import NormalizingFlows
import Statistics

/// A filled image and what is told about it.
struct InpaintingOutcome: Sendable {
    let filling: InpaintingFilling
    let run: Timed<InpaintingRun>

    var image: [Double] { filling.image(run.value.answer) }

    /// The reply's body.
    var json: JSON {
        let run = run.value
        return .object(
            filling.figures(
                of: image, initial: run.initialLogLikelihood, final: run.logLikelihood, iterations: run.iteration,
                stop: run.stop ?? .iterations, stepSize: stepSize, start: initial)
                + filling.remarks(of: image, warning: warning, trace: run.trace))
    }

    private var stepSize: JSON {
        switch (filling.request.method, filling.request.stepSize) {
        case (_, .auto): .string("auto")
        case (_, .adam): .string("adam")
        case (_, .paper): .string("paper")
        case (_, .constant(let value)): .number(value)
        }
    }

    private var initial: JSON {
        switch filling.initial {
        case .conditionalMean: .string("conditional_mean")
        case .given: .string("given")
        case .mean: .string("mean")
        case .noise: .string("noise")
        case .draw: .string("draw")
        case .value(let value): .number(value)
        }
    }
}

extension InpaintingFilling {
    /// What a reply begins with, whatever the method.
    ///
    /// - Parameter dimension: numbers that the log-likelihood is of; nil: the image's.
    func figures(
        of image: [Double], initial: Double?, final: Double?, iterations: Int, stop: InpaintingRun.Stop,
        stepSize: JSON, start: JSON, dimension: Int? = nil
    ) -> [(name: String, value: JSON)] {
        let final = final ?? 0
        return [
            ("image", ImageJSON(shape: request.shape).rows(image)),
            ("log_likelihood", .object([("initial", .optional(initial)), ("final", .number(final))])),
            ("bits_per_dimension", .number(BitsPerDimension.of(final, dimension: dimension ?? request.shape.count))),
            ("iterations", .integer(iterations)),
            ("stopped", .string(stop.rawValue)),
            ("method", .string(request.method.rawValue)),
            ("step_size", stepSize),
            ("initial", start),
            ("missing_pixels", .integer(request.missingPixels)),
            ("model", .identity(of: model, digest)),
        ]
    }

    /// What it ends with, as far as there is something to say.
    func remarks(
        of image: [Double], warning: String?, trace: [InpaintingRun.TracePoint]
    ) -> [(name: String, value: JSON)] {
        var fields: [(name: String, value: JSON)] = []
        if let warning { fields.append(("warning", .string(warning))) }
        if request.traceEvery > 0 { fields.append(("trace", .trace(trace))) }
        if let truth = request.truth { fields.append(("psnr", .optional(psnr(of: image, against: truth)))) }
        return fields + seedFields
    }

    /// The seed, where one was used.
    private var seedFields: [(name: String, value: JSON)] {
        guard request.isRandom else { return [] }
        return [
            ("seed", .integer(Int(seed))), ("reproduce", .object([("seed", .integer(Int(seed)))])),
        ]
    }

    /// Peak signal-to-noise ratio over the missing pixels in decibels, −10 log10 of the mean
    /// squared error with a peak of 1; nil where there is no error.
    func psnr(of image: [Double], against truth: [Double]) -> Double? {
        var sum = 0.0
        for (k, value) in image.enumerated() where !request.known[k] {
            sum += (value - truth[k]) * (value - truth[k])
        }
        guard sum > 0 else { return nil }
        let error = sum / Double(request.missingPixels)
        return -10 * ElementaryFunction.log(error) / ElementaryFunction.log(10)
    }
}

extension JSON {
    /// The log-likelihood along the way.
    static func trace(_ points: [InpaintingRun.TracePoint]) -> JSON {
        .array(
            points.map { point in
                .object([
                    ("iteration", .integer(point.iteration)), ("log_likelihood", .number(point.logLikelihood)),
                ])
            })
    }
}

/// Bits per dimension of an image with 256 grey levels, 8 − log p / (D ln 2): log p is a density
/// on 0…1, a grey level is 1/256 of that.
enum BitsPerDimension {
    static func of(_ logLikelihood: Double, dimension: Int) -> Double {
        8 - logLikelihood / (Double(dimension) * 0.693147180559945309417)
    }
}
