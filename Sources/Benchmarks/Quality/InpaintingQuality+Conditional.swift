import Compute
import NormalizingFlows
import Statistics

/// How good a conditional model's distribution of missing pixels is, under one mask.
package struct ConditionalScore: Sendable {
    package let mask: String
    /// −log2 p(missing | known) of the truth, per missing pixel of 256 grey levels: of each image.
    package let bits: RunningMoments
    /// How often the truth lies in the draws' 90 % interval: shares of the pixels of each image, and of the images for
    /// the sum of the missing pixels.
    package let pixelCoverage, sumCoverage: RunningMoments

    /// A table in Markdown: a row a mask.
    package static func table(_ scores: [ConditionalScore]) -> MarkdownTable {
        var table = MarkdownTable(columns: [
            "mask", "bits per missing pixel", "90 % interval of a pixel covers", "of the hole's sum",
        ])
        func cell(_ moments: RunningMoments, _ decimals: Int) -> String {
            let error = moments.standardErrorOfMean.map { " ± " + $0.fixed(decimals) } ?? ""
            return moments.mean.fixed(decimals) + error
        }
        for score in scores {
            table.append([
                score.mask, cell(score.bits, 3), cell(score.pixelCoverage, 3), cell(score.sumCoverage, 3),
            ])
        }
        return table
    }
}

extension InpaintingQuality {
    /// Draws of a conditional model. There must be one.
    func draws(_ count: Int, of pixels: [Float], _ known: [Bool], seed: UInt64) async throws -> ConditionalDrawRun {
        guard let conditional else { preconditionFailure("only with a conditional model") }
        return try await compute.drawMissing(
            of: pixels, known: known, samples: count, by: conditional, seed: seed
        ).value
    }

    /// Judges the conditional model by `samples` draws for each image under each mask.
    ///
    /// A grey level stands for an interval: the truth is put at a random place in its own, as the model's images are, so
    /// that black pixels are not covered whatever the draws are.
    package func conditionalScores(
        _ masks: [QualityMask], samples: Int, progress: @escaping @Sendable (String) -> Void
    ) async throws -> [ConditionalScore] {
        guard let conditional else { return [] }
        var scores: [ConditionalScore] = []
        for (number, mask) in masks.enumerated() {
            let found = try await each(progress: {
                progress("\(mask.name) (\(number + 1) of \(masks.count)), draws, image \($0)")
            }) { index in
                try await conditionalScore(index, mask.known(index), samples, by: conditional)
            }
            var bits = RunningMoments(), pixels = RunningMoments(), sums = RunningMoments()
            for score in found {
                bits.add(score.bits)
                if let coverage = score.coverage {
                    pixels.add(coverage.pixels)
                    sums.add(coverage.sum)
                }
            }
            scores.append(
                ConditionalScore(mask: mask.name, bits: bits, pixelCoverage: pixels, sumCoverage: sums))
        }
        return scores
    }

    private func conditionalScore(
        _ index: Int, _ known: [Bool], _ samples: Int, by model: LoadedModel
    ) async throws -> (bits: Double, coverage: (pixels: Double, sum: Double)?) {
        let truth = dequantized(index)
        let likelihood = try await compute.likelihood(of: truth, missing: known.map { !$0 }, by: model).value
        let missing = known.indices.filter { !known[$0] }
        let bits = 8 - likelihood.logLikelihood / (Double(missing.count) * 0.693147180559945309417)
        let run = try await draws(
            samples, of: zip(images[index], known).map { $1 ? Float($0) : 0 }, known, seed: seed &+ UInt64(index))
        guard let intervals = run.intervals(level: 0.9), let sum = run.sumInterval(level: 0.9) else {
            return (bits, nil)
        }
        let values = missing.map { Double(truth[$0]) }
        let covered = zip(intervals, values).count { $0.contains($1) }
        return (
            bits,
            (Double(covered) / Double(values.count), sum.contains(values.reduce(0, +)) ? 1 : 0)
        )
    }

    /// An image whose pixels are each anywhere in its level's interval: (level + u − ½) / 255 with u uniform in 0…1, which a
    /// model takes for (level + u) / 256.
    private func dequantized(_ index: Int) -> [Float] {
        let noise = UniformDistribution.standard.draws(
            images[index].count, from: Philox(seed: seed &+ UInt64(index), stream: 4))
        return zip(images[index], noise).map { Float(($0 * 255 + $1 - 0.5) / 255) }
    }

    /// −log2 p per pixel of 256 grey levels of the dequantized images, by a model of whole images: of each image.
    package func bitsPerDimension(progress: @escaping @Sendable (String) -> Void) async throws -> RunningMoments {
        var moments = RunningMoments()
        let values = try await each(progress: { progress("bits per dimension, image \($0)") }) { index in
            let image = dequantized(index)
            let likelihood = try await compute.likelihood(of: image).value
            return 8 - likelihood.logLikelihood / (Double(image.count) * 0.693147180559945309417)
        }
        for value in values { moments.add(value) }
        return moments
    }
}
