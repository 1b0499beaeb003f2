import Statistics

/// What one method made of all images under one mask.
package struct QualityColumn: Sendable {
    package let model, mask, method: String
    /// One a picture, in order.
    package let filled: [[Double]]
    package let scores: [QualityScore]

    package init(model: String, mask: String, method: String, filled: [[Double]], scores: [QualityScore]) {
        self.model = model
        self.mask = mask
        self.method = method
        self.filled = filled
        self.scores = scores
    }

    package enum Measure: String, CaseIterable, Sendable {
        case psnr, ssim
        case logLikelihood = "log_likelihood"

        package var title: String {
            switch self {
            case .psnr: "PSNR over the missing pixels, dB"
            case .ssim: "SSIM of the whole image"
            case .logLikelihood: "log-likelihood of the filled image, nats"
            }
        }

        var decimals: Int {
            switch self {
            case .psnr: 2
            case .ssim: 3
            case .logLikelihood: 0
            }
        }
    }

    /// Of each image; without those of which the measure does not exist or is infinite.
    package func values(_ measure: Measure) -> [Double] {
        scores.compactMap { score in
            switch measure {
            case .psnr: score.psnr.isFinite ? score.psnr : nil
            case .ssim: score.ssim
            case .logLikelihood: score.logLikelihood
            }
        }
    }

    /// The mean and its standard error.
    package func moments(_ measure: Measure) -> RunningMoments {
        var moments = RunningMoments()
        for value in values(measure) { moments.add(value) }
        return moments
    }
}
