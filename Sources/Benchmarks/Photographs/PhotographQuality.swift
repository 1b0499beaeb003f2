import API
import Compute
import NormalizingFlows
import Statistics

/// Fills damage of photographs whose truth is known, by a prior of patches and by others, and judges the results:
/// `riviera evaluate --photographs`.
package struct PhotographQuality: Sendable {
    /// Without missing pixels.
    package let photographs: [Photograph]
    private let seed: UInt64

    package init(_ photographs: [Photograph], seed: UInt64) {
        self.photographs = photographs
        self.seed = seed
    }

    /// PSNR of each photograph under a mask, in decibels.
    ///
    /// - Parameters:
    ///   - scores: gets each one as soon as it is there, so that what comes before an error is not lost.
    ///   - fill: gets a photograph's number and its missing pixels; gives its samples in 0…1, filled.
    package func evaluate(
        under mask: PhotographMask, into scores: inout [Double], fill: (Int, [Bool]) async throws -> [Double]
    ) async throws {
        for (number, photograph) in photographs.enumerated() {
            let missing = missing(mask, number), white = Double(photograph.white), channels = photograph.channels
            let filled = try await fill(number, missing)
            let samples = photograph.samples.indices
            scores.append(
                QualityScore.psnr(
                    of: filled, truth: samples.map { Double(photograph.samples[$0]) / white },
                    known: samples.map { !missing[$0 / channels] }))
        }
    }

    /// Which pixels of a photograph are missing under a mask.
    package func missing(_ mask: PhotographMask, _ number: Int) -> [Bool] {
        let size = photographs[number].size
        return mask.missing(rows: size.height, columns: size.width, picture: number, seed: seed)
    }

    /// A photograph as the prior fills it.
    package func filled(
        _ number: Int, missing: [Bool], prior: any PatchPrior, options: PatchAscentOptions, on compute: Compute,
        progress: @escaping @Sendable (Int) -> Void
    ) async throws -> [Double] {
        var photograph = photographs[number]
        photograph.known = missing.map { !$0 }
        let channel = ProgressChannel<PatchProgress>()
        async let reports: Void = {
            while let report = await channel.next() { progress(report.iteration) }
        }()
        let ascent = try await compute.fill(
            photograph.picture, prior: prior, options: options, traceEvery: 5, progress: channel)
        await reports
        return photograph.interleaved(ascent.value.ascent.filled)
    }
}
