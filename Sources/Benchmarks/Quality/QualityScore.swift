import Statistics

/// How good a filled image is.
package struct QualityScore: Sendable {
    /// Peak signal-to-noise ratio over the missing pixels, in decibels: −10 log10 of the mean squared error with a peak of
    /// 1. Infinite without any error.
    package let psnr: Double
    /// Structural similarity of the whole images, known pixels included; nil for images of fewer than 7 rows or columns.
    package let ssim: Double?
    /// log p of the filled image under the model, in nats.
    package let logLikelihood: Double

    package init(psnr: Double, ssim: Double?, logLikelihood: Double) {
        self.psnr = psnr
        self.ssim = ssim
        self.logLikelihood = logLikelihood
    }

    package static func psnr(of image: [Double], truth: [Double], known: [Bool]) -> Double {
        var sum = 0.0, missing = 0
        for k in image.indices where !known[k] {
            sum += (image[k] - truth[k]) * (image[k] - truth[k])
            missing += 1
        }
        guard sum > 0 else { return .infinity }
        return -10 * ElementaryFunction.log(sum / Double(missing)) / ElementaryFunction.log(10)
    }

    /// The mean structural similarity over all windows of 7 × 7 pixels that lie in the image (Wang, Bovik, Sheikh,
    /// Simoncelli, "Image quality assessment: from error visibility to structural similarity", 2004, equation
    /// 13), K₁ = 0.01, K₂ = 0.03, a range of 1, variances that divide by 48: scikit-image's default.
    ///
    /// - Returns: nil for images of fewer than 7 rows or columns.
    package static func ssim(_ x: [Double], _ y: [Double], columns: Int) -> Double? {
        let side = 7, rows = x.count / columns
        guard rows >= side, columns >= side else { return nil }
        let n = Double(side * side), c1 = 0.01 * 0.01, c2 = 0.03 * 0.03
        var total = 0.0
        for top in 0...rows - side {
            for left in 0...columns - side {
                var sx = 0.0, sy = 0.0, sxx = 0.0, syy = 0.0, sxy = 0.0
                for row in top..<top + side {
                    for k in row * columns + left..<row * columns + left + side {
                        sx += x[k]
                        sy += y[k]
                        sxx += x[k] * x[k]
                        syy += y[k] * y[k]
                        sxy += x[k] * y[k]
                    }
                }
                let mx = sx / n, my = sy / n
                let vx = (sxx - n * mx * mx) / (n - 1), vy = (syy - n * my * my) / (n - 1)
                let vxy = (sxy - n * mx * my) / (n - 1)
                total +=
                    (2 * mx * my + c1) * (2 * vxy + c2) / ((mx * mx + my * my + c1) * (vx + vy + c2))
            }
        }
        return total / Double((rows - side + 1) * (columns - side + 1))
    }
}
