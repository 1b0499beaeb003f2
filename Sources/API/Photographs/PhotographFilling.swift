import Compute
import NormalizingFlows
import Statistics

/// A request with all that was left open chosen: ready to run.
struct PhotographFilling: Sendable {
    let request: PhotographRequest
    let prior: any PatchPrior
    let options: PatchAscentOptions
    let modelName, modelDigest: String

    /// What a stream says on the way, and what is told of work that did not end: a picture no larger than a preview.
    func line(_ progress: PatchProgress) -> JSON {
        .object([
            ("iteration", .integer(progress.iteration)),
            ("log_likelihood", .optional(progress.logLikelihood)),
            ("preview", preview(progress.preview)),
        ])
    }

    private func preview(_ picture: Picture) -> JSON {
        let plane = picture.rows * picture.columns, channels = picture.channels
        var photograph = Photograph(
            size: PNG.Size(width: picture.columns, height: picture.rows), channels: channels,
            samples: Array(repeating: 0, count: plane * channels))
        for k in photograph.samples.indices {
            photograph.samples[k] = photograph.sample(of: Double(picture.values[k % channels * plane + k / channels]))
        }
        guard let file = try? PNG.encode(photograph) else { return .null }
        return .string(Base64.address(ofPNG: file))
    }
}

/// A filled photograph and what is told about it.
struct PhotographOutcome: Sendable {
    let filling: PhotographFilling
    let ascent: PatchAscent
    /// (channels, rows, columns)
    let filled: [Float]
    /// The picture of it where the request was one, or is answered by one.
    let file: [UInt8]?
    let trace: [PatchProgressPoint]
    let timing: Timing

    private var photograph: SentPhotograph { filling.request.photograph }

    /// The reply's body.
    var json: JSON {
        var fields: [(name: String, value: JSON)] = [
            ("image", image),
            (
                "log_likelihood",
                .object([
                    ("initial", .optional(ascent.initialLogLikelihood)),
                    ("final", .optional(ascent.finalLogLikelihood)),
                ])
            ),
            ("patches", .integer(ascent.firstPatches)),
            (
                "bits_per_dimension",
                .optional(ascent.finalLogLikelihood.map { BitsPerDimension.of($0, dimension: ascent.patchDimension) })
            ),
            ("iterations", .integer(ascent.iteration)),
            ("stopped", .string(InpaintingRun.Stop.iterations.rawValue)),
            ("method", .string(InpaintingRequest.Method.projectedGradient.rawValue)),
            ("step_size", .string("auto")),
            ("initial", .string("biharmonic")),
            ("missing_pixels", .integer(photograph.missingPixels)),
            ("model", .object([("name", .string(filling.modelName)), ("sha256", .string(filling.modelDigest))])),
        ]
        if filling.request.traceEvery > 0 {
            fields.append(
                (
                    "trace",
                    .array(
                        trace.map { point in
                            .object([
                                ("iteration", .integer(point.iteration)),
                                ("log_likelihood", .optional(point.logLikelihood)),
                            ])
                        })
                ))
        }
        if let warning { fields.append(("warning", .string(warning))) }
        if let truth = filling.request.truth { fields.append(("psnr", .optional(psnr(against: truth)))) }
        let seed = JSON.integer(Int(filling.options.seed))
        return .object(fields + [("seed", seed), ("reproduce", .object([("seed", seed)]))])
    }

    /// Why the result should not be trusted, as a sentence; nil where nothing speaks against it.
    private var warning: String? {
        guard let initial = ascent.initialLogLikelihood, let final = ascent.finalLogLikelihood, final < initial else {
            return nil
        }
        return
            "The result's log-likelihood is below its start's, the smoothest surface through the known pixels, which the "
            + "ascent has roughened: a smooth area is not what the model was trained on. “iterations”: 0 gives the start."
    }

    /// In the form in which it came: a PNG as the address that holds one, numbers as rows of them.
    private var image: JSON {
        if photograph.isFile, let file { return .string(Base64.address(ofPNG: file)) }
        let photograph = photograph, filled = filled, columns = photograph.size.width, plane = photograph.size.pixels
        let value: @Sendable (Int, Int) -> Double = { pixel, channel in
            if photograph.known[pixel] { return photograph.value(pixel, channel) }
            return shortest(filled[channel * plane + pixel])
        }
        if photograph.channels == 1 {
            return .generated(photograph.size.height) { row in
                .numbers((row * columns..<(row + 1) * columns).map { value($0, 0) })
            }
        }
        return .generated(photograph.size.height) { row in
            .array(
                (row * columns..<(row + 1) * columns).map { pixel in
                    .numbers([value(pixel, 0), value(pixel, 1), value(pixel, 2)])
                })
        }
    }

    /// Peak signal-to-noise ratio over the missing pixels, all channels, in decibels; nil where there is no error.
    private func psnr(against truth: SentPhotograph) -> Double? {
        var sum = 0.0
        let plane = photograph.size.pixels
        for pixel in 0..<plane where !photograph.known[pixel] {
            for channel in 0..<photograph.channels {
                let error = Double(filled[channel * plane + pixel]) - truth.value(pixel, channel)
                sum += error * error
            }
        }
        guard sum > 0 else { return nil }
        let error = sum / Double(photograph.missingPixels * photograph.channels)
        return -10 * ElementaryFunction.log(error) / ElementaryFunction.log(10)
    }
}

/// The double of the shortest decimal that reads back as the same number in single precision.
func shortest(_ value: Float) -> Double { Double(value.description) ?? Double(value) }
