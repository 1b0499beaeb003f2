import NormalizingFlows
import Statistics

/// log p(x) in nats and its two parts.
public struct Likelihood: Sendable {
    public let logLikelihood, logPrior, logAbsDetJacobian: Double
}

extension Compute {
    /// log p(x) of one image of D pixels, or log p(missing | known). This and the methods below are of the default model
    /// where `model` is nil, and throw `NonFiniteValue` where the model makes a number on the way that single precision
    /// cannot hold.
    ///
    /// - Parameter missing: true where a pixel is missing, of a conditional model; else nil.
    public func likelihood(
        of image: [Float], missing: [Bool]? = nil, by model: LoadedModel? = nil, in context: WorkContext = .unlimited
    ) async throws -> Timed<Likelihood> {
        try await evaluate(image, missing: missing, by: model ?? standard.model, in: context) { workspace in
            Likelihood(
                logLikelihood: workspace.logProbability, logPrior: workspace.logPrior,
                logAbsDetJacobian: workspace.logAbsDetJacobian)
        }
    }

    /// z = f(x), D numbers in pixel order, by a model of whole images.
    public func encode(
        _ image: [Float], by model: LoadedModel? = nil, in context: WorkContext = .unlimited
    ) async throws -> Timed<[Float]> {
        try await evaluate(image, by: model ?? standard.model, in: context) { $0.latent }
    }

    /// x = f⁻¹(z), D pixels, unclamped, by a model of whole images.
    public func decode(
        _ latent: [Float], by model: LoadedModel? = nil, in context: WorkContext = .unlimited
    ) async throws -> Timed<[Float]> {
        let flow = (model ?? standard.model).flow
        return try await perform(in: context) { resources in
            try resources.withWorkspace(for: flow) { try $0.decode(latent) }
        }
    }

    /// Draws of a model of whole images and log p of each as it is returned, clamped to 0…1. Draw i is a pure function of
    /// (randomness, i).
    ///
    /// - Parameter temperature: what the latents are multiplied by, > 0.
    public func sample(
        _ count: Int, temperature: Double = 1, by model: LoadedModel? = nil, in context: WorkContext = .unlimited,
        using randomness: Philox
    ) async throws -> Timed<[Sample]> {
        let flow = (model ?? standard.model).flow
        return try await perform(from: [Sample](), in: context) { samples, resources in
            try resources.withWorkspace(for: flow) { workspace in
                for _ in 0..<flow.evaluationsAMillisecond where samples.count < count {
                    let image = try flow.sample(
                        UInt64(samples.count), temperature: temperature, in: workspace, using: randomness)
                    flow.evaluate(image, in: workspace)
                    try workspace.requireFiniteValue()
                    samples.append(Sample(image: image, logLikelihood: workspace.logProbability))
                }
            }
            return samples.count == count ? samples : nil
        }
    }

    /// The training mean that the weights file records, else the mean of 2048 draws of the model
    /// under a fixed seed, made at first use. D pixels.
    public func meanImage(
        by model: LoadedModel? = nil, in context: WorkContext = .unlimited
    ) async throws -> [Float] {
        let statistics = (model ?? standard.model).statistics
        if let mean = statistics.mean { return mean }
        return try await perform(from: (), in: context) { _, resources in
            try statistics.advanceMean(resources)
        }.value
    }

    /// Compares a weights file with its checksums: loading does not, since that would take as long again.
    ///
    /// - Throws: `CheckpointError` where the file is damaged.
    public func verify(_ model: LoadedModel) async throws {
        _ = try await perform { _ in try model.verify() }
    }

    /// The SHA-256 of a model's weights file.
    public func digest(of model: LoadedModel, in context: WorkContext = .unlimited) async throws -> String {
        if let digest = model.knownSHA256 { return digest }
        return try await perform(in: context) { _ in model.sha256() }.value
    }
}

/// A draw of the model, clamped to 0…1, and its log p in nats.
public struct Sample: Sendable {
    public let image: [Float]
    public let logLikelihood: Double
}
