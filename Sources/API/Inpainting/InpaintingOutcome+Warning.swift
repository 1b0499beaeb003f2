import NormalizingFlows

extension InpaintingFilling {
    /// Bits per dimension above which an image counts as far from what the model was trained on: twice
    /// the 8 that 256 grey levels take without a model. Of 20,000 MNIST images 2 exceed it under the
    /// shipped weights, of 10,000 of Fashion-MNIST 97 in a hundred, of inverted digits all.
    static let farBitsPerDimension = 16.0

    /// What is to be said of an image that is as unlikely as that.
    ///
    /// - Parameter dimension: numbers that the log-likelihood is of; nil: the image's.
    func farFromTraining(_ logLikelihood: Double?, dimension: Int? = nil) -> String? {
        guard let logLikelihood else { return nil }
        let bits = BitsPerDimension.of(logLikelihood, dimension: dimension ?? request.known.count)
        guard bits > Self.farBitsPerDimension else { return nil }
        return "The image is very unlike the model's training data: \(JSONText.number(bits.rounded())) bits "
            + "per dimension. Check its polarity (0 is black, 1 is white) and its scale (0…1, not 0…255)."
    }
}

extension InpaintingOutcome {
    /// Why the result should not be trusted, as sentences; nil where nothing speaks against it.
    var warning: String? {
        let sentences = [belowStart, filling.farFromTraining(run.value.logLikelihood), outsideRange].compactMap { $0 }
        return sentences.isEmpty ? nil : sentences.joined(separator: " ")
    }

    private var belowStart: String? {
        guard let initial = run.value.initialLogLikelihood, let final = run.value.logLikelihood, final < initial
        else { return nil }
        let advice =
            switch filling.request.method {
            case .projectedGradient: "The step is too large: take a smaller “step_size”, or “auto”."
            case .noisyGradient, .posterior:
                "noisy_gradient returns its last point; projected_gradient returns its best one."
            }
        return "The result's log-likelihood is below its start's. " + advice
    }

    /// Starting values that were moved into 0…1.
    private var outsideRange: String? {
        let request = filling.request
        guard case .given = request.initial else { return nil }
        let outside = request.image.indices.count { k in
            !request.known[k] && request.image[k].map { !($0 >= 0 && $0 <= 1) } ?? false
        }
        guard outside > 0 else { return nil }
        return "Given starting values outside 0…1 were moved to the nearer end: \(outside) of "
            + "\(request.missingPixels). Check the image's scale (0…1, not 0…255)."
    }
}
