import Compute
import NormalizingFlows
import Statistics

/// Draws of an image's missing pixels, and what is told about them.
struct PosteriorOutcome: Sendable {
    let filling: InpaintingFilling
    let run: Timed<PosteriorRun>
    private let diagnostics: PosteriorDiagnostics

    init(filling: InpaintingFilling, run: Timed<PosteriorRun>) {
        self.filling = filling
        self.run = run
        diagnostics = PosteriorDiagnostics(of: run.value)
    }

    /// The mean of the draws.
    var image: [Double] { filling.image(run.value.meanImage) }

    /// The deviation of the draws, 0 at known pixels.
    var spread: [Double] { filling.spread(run.value.standardDeviation) }

    /// The reply's body.
    var json: JSON {
        let run = run.value, grids = ImageJSON(shape: filling.request.shape)
        var fields = filling.figures(
            of: image, initial: run.initialLogLikelihood, final: run.logLikelihood, iterations: run.iteration,
            stop: .iterations, stepSize: .string("auto"), start: .string("conditional_draws"))
        fields += [
            ("standard_deviation", grids.rows(spread)),
            ("samples", .array(run.images.map { grids.rows(filling.image($0)) })),
            ("draws", .integer(run.draws)),
            ("acceptance", .optional(run.acceptance)),
            ("effective_sample_size", figures(\.effectiveSampleSize)),
            ("r_hat", figures(\.rHat)),
        ]
        return .object(fields + filling.remarks(of: image, warning: warning, trace: run.trace))
    }

    private func figures(_ figure: KeyPath<PosteriorDiagnostics.Figures, Double?>) -> JSON {
        .object([
            ("log_likelihood", .optional(diagnostics.logLikelihood[keyPath: figure])),
            ("worst_pixel", .optional(diagnostics.worstPixel[keyPath: figure])),
            ("median_pixel", .optional(diagnostics.medianPixel[keyPath: figure])),
        ])
    }

    /// Why the draws should not be trusted, as sentences; nil where nothing speaks against them.
    private var warning: String? {
        let sentences = [notMixed, filling.farFromTraining(run.value.logLikelihood)].compactMap { $0 }
        return sentences.isEmpty ? nil : sentences.joined(separator: " ")
    }

    private var notMixed: String? {
        guard let pixels = diagnostics.worstPixel.rHat, let value = diagnostics.logLikelihood.rHat else {
            return "There are too few draws to tell whether the chains have mixed: take more “iterations”."
        }
        let worst = max(pixels, value)
        guard worst > PosteriorDiagnostics.largestRHat else { return nil }
        return "The chains have not mixed: R̂ is up to \(JSONText.number((worst * 100).rounded() / 100)), above "
            + "\(JSONText.number(PosteriorDiagnostics.largestRHat)). The mean and the spread are those of the "
            + "draws, which may not be all that is likely: take more “iterations”."
    }
}

extension InpaintingFilling {
    /// What a stream says at a point of the run's trace.
    func progressLine(_ run: PosteriorRun) -> JSON {
        line(run.trace.last?.iteration ?? 0, run.trace.last?.logLikelihood, run.meanImage)
    }

    /// What is told of a run that did not end.
    func partial(_ run: PosteriorRun) -> JSON {
        line(run.iteration, run.logLikelihood, run.meanImage)
    }
}
