import Compute
import NormalizingFlows

/// A conditional model's draws of an image's missing pixels, and what is told about them.
struct ConditionalOutcome: Sendable {
    let filling: InpaintingFilling
    let run: Timed<ConditionalDrawRun>

    /// Of the intervals.
    private static let level = 0.9

    /// The mean of the draws.
    var image: [Double] { filling.image(run.value.meanImage) }

    /// The deviation of the draws, 0 at known pixels.
    var spread: [Double] { filling.spread(run.value.standardDeviation) }

    /// The reply's body.
    var json: JSON {
        let run = run.value, grids = ImageJSON(shape: filling.request.shape)
        var fields = filling.figures(
            of: image, initial: nil, final: run.logLikelihood, iterations: run.count, stop: .iterations,
            stepSize: .string("auto"), start: .string("none"), dimension: filling.request.missingPixels)
        fields += [
            ("standard_deviation", run.count > 1 ? grids.rows(spread) : .null),
            ("samples", .array((0..<run.count).map { grids.rows(filling.image(run.draw($0))) })),
            ("draws", .integer(run.count)),
            ("sample_log_likelihoods", .numbers(run.logLikelihoods)),
        ]
        if let intervals = run.intervals(level: Self.level) {
            func ends(_ end: KeyPath<ClosedRange<Double>, Double>) -> JSON {
                var values = filling.request.image.map { Float($0 ?? 0) }
                for (k, interval) in zip(run.missing, intervals) {
                    values[k] = Float(min(max(interval[keyPath: end], 0), 1))
                }
                return grids.rows(filling.image(values))
            }
            fields.append(
                (
                    "interval",
                    .object([
                        ("level", .number(Self.level)), ("lower", ends(\.lowerBound)), ("upper", ends(\.upperBound)),
                    ])
                ))
        }
        return .object(fields + filling.remarks(of: image, warning: warning, trace: run.trace))
    }

    /// Why the draws should not be trusted, as a sentence; nil where nothing speaks against them.
    private var warning: String? {
        filling.farFromTraining(run.value.logLikelihood, dimension: filling.request.missingPixels)
    }
}

extension InpaintingFilling {
    /// What a stream says at a report.
    func progressLine(_ run: ConditionalDrawRun) -> JSON {
        line(run.reported, run.logLikelihood, run.meanImage)
    }

    /// What is told of a run that did not end.
    func partial(_ run: ConditionalDrawRun) -> JSON { progressLine(run) }
}
