import NormalizingFlows
import Statistics

/// log p(x) in nats and its two parts.
public struct Likelihood: Sendable {
    public let logLikelihood, logPrior, logAbsDetJacobian: Double
}

extension Compute {
    /// log p(x) of one image of D pixels. This and the methods below throw `NonFiniteValue` where the
    /// model makes a number on the way that single precision cannot hold.
    public func likelihood(
        of image: [Float], in context: WorkContext = .unlimited
    ) async throws -> Timed<Likelihood> {
        let logAbsDetJacobian = model.nice.logAbsDetJacobian
        return try await evaluate(image, in: context) { workspace in
            Likelihood(
                logLikelihood: workspace.logProbability, logPrior: workspace.logPrior,
                logAbsDetJacobian: logAbsDetJacobian)
        }
    }

    /// z = f(x), D numbers in pixel order.
    public func encode(
        _ image: [Float], in context: WorkContext = .unlimited
    ) async throws -> Timed<[Float]> {
        try await evaluate(image, in: context) { $0.latent }
    }

    /// x = f⁻¹(z), D pixels, unclamped.
    public func decode(
        _ latent: [Float], in context: WorkContext = .unlimited
    ) async throws -> Timed<[Float]> {
        let nice = model.nice
        return try await perform(in: context) { resources in
            try resources.withWorkspace(for: nice) { try nice.decode(latent, in: $0) }
        }
    }

    /// Draws of the model and log p of each as it is returned, clamped to 0…1. Draw i is a pure function of
    /// (randomness, i).
    ///
    /// - Parameter temperature: what the latents are multiplied by, > 0.
    public func sample(
        _ count: Int, temperature: Double = 1, in context: WorkContext = .unlimited,
        using randomness: Philox
    ) async throws -> Timed<[Sample]> {
        let nice = model.nice
        return try await perform(from: [Sample](), in: context) { samples, resources in
            try resources.withWorkspace(for: nice) { workspace in
                for _ in 0..<4 where samples.count < count {
                    let image = try nice.sample(
                        UInt64(samples.count), temperature: temperature, in: workspace,
                        using: randomness)
                    nice.evaluate(image, in: workspace)
                    try workspace.requireFiniteValue()
                    samples.append(Sample(image: image, logLikelihood: workspace.logProbability))
                }
            }
            return samples.count == count ? samples : nil
        }
    }

    /// The training mean that the weights file records, else the mean of 2048 draws of the model
    /// under a fixed seed, made at first use. D pixels.
    public func meanImage(in context: WorkContext = .unlimited) async throws -> [Float] {
        let statistics = model.statistics
        if let mean = statistics.mean { return mean }
        return try await perform(from: (), in: context) { _, resources in
            try statistics.advanceMean(resources)
        }.value
    }

    /// Compares the weights files with their checksums: loading does not, since that would take as long
    /// again.
    ///
    /// - Throws: `CheckpointError` where a file is damaged.
    public func verifyModel() async throws {
        let models = posteriorModel === model ? [model] : [model, posteriorModel]
        for model in models { _ = try await perform { _ in try model.verify() } }
    }

    /// The SHA-256 of the model's weights file.
    public func modelDigest() async throws -> String { try await digest(of: model) }

    /// The SHA-256 of a model's weights file.
    public func digest(of model: LoadedModel) async throws -> String {
        if let digest = model.knownSHA256 { return digest }
        return try await perform { _ in model.sha256() }.value
    }
}

/// A draw of the model, clamped to 0…1, and its log p in nats.
public struct Sample: Sendable {
    public let image: [Float]
    public let logLikelihood: Double
}
