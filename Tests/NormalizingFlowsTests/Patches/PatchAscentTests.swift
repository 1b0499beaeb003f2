import NormalizingFlows
import SeededRandom
import Testing

@Suite struct PatchAscentTests {
    static func picture(
        _ rows: Int, _ columns: Int, channels: Int = 1, share: Double = 0.4, seed: UInt64 = 1
    ) -> Picture {
        var generator = SplitMix64(seed: seed)
        let values = (0..<channels * rows * columns).map { _ in Float.random(in: 0...1, using: &generator) }
        var missing = (0..<rows * columns).map { _ in Double.random(in: 0..<1, using: &generator) < share }
        missing[0] = true
        missing[rows * columns - 1] = false
        return Picture(rows: rows, columns: columns, channels: channels, values: values, missing: missing)
    }

    private static func ascent(
        _ picture: Picture, side: Int = 4, iterations: Int = 30, stride: Int = 2, noise: Double = 0.3
    ) throws -> PatchAscent {
        try PatchAscent(
            of: picture, prior: GaussianPatchPrior(side: side),
            options: PatchAscentOptions(iterations: iterations, stride: stride, noise: (noise, noise), seed: 7))
    }

    /// Performs the units one after the other.
    private static func finish(_ ascent: PatchAscent) throws {
        while !ascent.isDone {
            let unit = try #require(try ascent.next())
            ascent.perform(unit)
            _ = ascent.complete(unit)
        }
    }

    @Test(arguments: [(60, 70, 1), (41, 90, 3)])
    func anyOrderOfUnitsGivesTheSameBits(rows: Int, columns: Int, channels: Int) throws {
        let picture = Self.picture(rows, columns, channels: channels)
        let straight = try Self.ascent(picture, iterations: 5, stride: 1)
        try Self.finish(straight)
        for seed in 0..<3 as Range<UInt64> {
            var generator = SplitMix64(seed: seed), open: [PatchAscent.Unit] = []
            let ascent = try Self.ascent(picture, iterations: 5, stride: 1)
            while !ascent.isDone {
                if ascent.hasUnit, open.count < 5, open.isEmpty || Bool.random(using: &generator),
                    let unit = try ascent.next()
                {
                    open.append(unit)
                    continue
                }
                let unit = open.remove(at: Int.random(in: open.indices, using: &generator))
                ascent.perform(unit)
                _ = ascent.complete(unit)
            }
            #expect(open.isEmpty)
            #expect(ascent.filled.map(\.bitPattern) == straight.filled.map(\.bitPattern))
            #expect(ascent.finalLogLikelihood?.bitPattern == straight.finalLogLikelihood?.bitPattern)
        }
    }

    @Test(arguments: [(1, 2), (2, 1), (3, 5), (4, 4), (4, 30), (23, 6), (31, 33)], [1, 3])
    func knownPixelsStayAndTheOthersKeepToTheirRange(size: (rows: Int, columns: Int), channels: Int) throws {
        let picture = Self.picture(size.rows, size.columns, channels: channels)
        let ascent = try Self.ascent(picture, noise: 0.9)
        try Self.finish(ascent)
        let filled = ascent.filled, plane = picture.missing.count
        #expect(ascent.iteration == 30)
        for k in filled.indices {
            if picture.missing[k % plane] {
                #expect(0...1 ~= filled[k])
            } else {
                #expect(filled[k] == picture.values[k])
            }
        }
    }

    /// With all patches in each iteration nothing is random; steps of another length come to the same maximum.
    @Test(arguments: [1, 3]) func theEndIsNearTheMaximum(channels: Int) throws {
        let picture = Self.picture(20, 24, channels: channels)
        let long = try Self.ascent(picture, iterations: 800, stride: 1, noise: 0.3)
        let other = try Self.ascent(picture, iterations: 2000, stride: 1, noise: 0.2)
        try Self.finish(long)
        try Self.finish(other)
        let start = try #require(long.initialLogLikelihood), end = try #require(long.finalLogLikelihood)
        #expect(end > start && other.initialLogLikelihood == start)
        #expect(abs(try #require(other.finalLogLikelihood) - end) < 1e-3 * (end - start))
        for (a, b) in zip(long.filled, other.filled) { #expect(abs(a - b) < 1e-3) }
    }

    /// σ falls evenly on a logarithmic scale from the first iteration to the last.
    @Test func theFirstStepIsAsLongAsItsLevelOfNoise() throws {
        let picture = Self.picture(12, 12), plane = 144
        func moved(_ noise: Double) throws -> [Float] {
            let still = try Self.ascent(picture, iterations: 1, noise: 1e-12)
            let ascent = try Self.ascent(picture, iterations: 1, noise: noise)
            try Self.finish(still)
            try Self.finish(ascent)
            return (0..<plane).map { ascent.filled[$0] - still.filled[$0] }
        }
        let short = try moved(0.02), long = try moved(0.04)
        for k in 0..<plane { #expect(abs(4 * short[k] - long[k]) < 1e-5) }
        #expect(long.contains { $0 != 0 })
    }

    /// The prior sees luma and chroma; where chroma is nowhere, none comes about.
    @Test func whatIsGreyStaysGreyInColours() throws {
        let grey = Self.picture(20, 24)
        let colours = Picture(
            rows: 20, columns: 24, channels: 3, values: grey.values + grey.values + grey.values, missing: grey.missing)
        let ascent = try Self.ascent(colours)
        try Self.finish(ascent)
        let filled = ascent.filled, plane = grey.missing.count
        for k in 0..<plane {
            #expect(abs(filled[k] - filled[plane + k]) < 1e-4 && abs(filled[k] - filled[2 * plane + k]) < 1e-4)
        }
    }

    @Test func reportsComeOnceAnIteration() throws {
        let ascent = try Self.ascent(Self.picture(40, 40), iterations: 9)
        var reports: [Int] = []
        while !ascent.isDone {
            let unit = try #require(try ascent.next())
            ascent.perform(unit)
            if ascent.complete(unit) { reports.append(ascent.iteration) }
        }
        #expect(reports == Array(1...9))
    }

    @Test func aPreviewIsTheMeanOfSquares() throws {
        let ascent = try Self.ascent(Self.picture(20, 30, channels: 3), iterations: 1)
        try Self.finish(ascent)
        let preview = ascent.preview(atMost: 10), filled = ascent.filled
        #expect(preview.rows == 7 && preview.columns == 10 && preview.channels == 3)
        var sum: Float = 0
        for row in 3..<6 {
            for column in 6..<9 { sum += filled[600 + row * 30 + column] }
        }
        #expect(abs(preview.values[70 + 10 + 2] - sum / 9) < 1e-6)
    }
}
