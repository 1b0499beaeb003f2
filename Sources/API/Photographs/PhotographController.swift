import Compute
import HTTP
import HTTPTypes
import NormalizingFlows

/// Fills photographs: what `/inpaint` does with a model of patches.
struct PhotographController: Sendable {
    let compute: Compute
    let configuration: APIConfiguration

    func answer(
        _ request: PhotographRequest, by chosen: ChosenModel, as type: MediaType, _ call: Call
    ) async throws -> Response {
        guard let model = chosen.model.photographPrior else { preconditionFailure("only with a model of patches") }
        try call.request.memory.reserve(request.photograph.memory)
        let digest = try await compute.digest(of: chosen.model, in: call.context())
        var options = model.options
        options.seed = request.seed ?? .random(in: 0...(1 << 53 - 1))
        if let iterations = request.iterations { options.iterations = iterations }
        let filling = PhotographFilling(
            request: request, prior: model.prior, options: options, modelName: chosen.model.name, modelDigest: digest)
        switch type {
        case .ndjson:
            let context = call.context(streaming: true)
            return .progress(call) {
                filling.line($0)
            } _: { progress in
                let outcome = try await run(filling, in: context, asPicture: false, progress: progress)
                return (outcome.json, outcome.timing)
            }
        case .png:
            let outcome = try await run(filling, in: call.context(), asPicture: true)
            return .bytes(outcome.file ?? [], .png, timing: outcome.timing)
        default:
            let outcome = try await run(filling, in: call.context(), asPicture: false)
            return .json(outcome.json, timing: outcome.timing)
        }
    }

    private func run(
        _ filling: PhotographFilling, in context: WorkContext, asPicture: Bool,
        progress: ProgressChannel<PatchProgress>? = nil
    ) async throws -> PhotographOutcome {
        let every = filling.request.traceEvery
        let run = try await reportingPartial {
            try await compute.fill(
                filling.request.photograph.picture, prior: filling.prior, options: filling.options, traceEvery: every,
                in: context, progress: every > 0 ? progress : nil)
        } partial: { (progress: PatchProgress) in
            filling.line(progress)
        }
        let ascent = run.value.ascent, photograph = filling.request.photograph
        let filled = try await compute.perform(in: context) { _ in ascent.filled }
        var file: Timed<[UInt8]>?
        if asPicture || photograph.isFile { file = try await encode(photograph, filled.value, in: context) }
        return PhotographOutcome(
            filling: filling, ascent: ascent, filled: filled.value, file: file?.value, trace: run.value.trace,
            timing: run.timing + filled.timing + (file?.timing ?? .none))
    }

    /// A PNG of the filled photograph, some rows a step.
    private func encode(
        _ photograph: SentPhotograph, _ filled: [Float], in context: WorkContext
    ) async throws -> Timed<[UInt8]> {
        let encoder = Confined { try PhotographEncoder(photograph.written(with: filled)) }
        return try await compute.perform(from: (), in: context) { _, _ in try encoder.value.advance(pixels: 1 << 14) }
    }
}

extension SentPhotograph {
    /// The photograph to be written: its file's kind, or 8 bits where it came as numbers.
    fileprivate func written(with filled: [Float]) -> Photograph {
        switch pixels {
        case .file(var file):
            file.known = known
            return file.filled(filled)
        case .numbers(let numbers):
            var photograph = Photograph(
                size: size, channels: channels, samples: Array(repeating: 0, count: numbers.count))
            for k in numbers.indices { photograph.samples[k] = photograph.sample(of: numbers[k]) }
            photograph.known = known
            return photograph.filled(filled)
        }
    }
}

extension Problem {
    /// - Parameter part: the form's part that holds the PNG; nil where it is the body.
    init(_ error: PNGError, inPart part: String?) {
        let text = error.description
        let sentence =
            part.map { "In the part \($0.quoted): \(text)" } ?? text.prefix(1).uppercased() + text.dropFirst()
        let culprit = part.map { Problem.Culprit.parameter($0) }
        self = error.isWellFormed ? .invalid("\(sentence).", culprit) : .malformed("\(sentence).", culprit)
    }
}
