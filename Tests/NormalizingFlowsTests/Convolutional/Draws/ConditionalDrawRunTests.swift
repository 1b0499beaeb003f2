import NormalizingFlows
import Statistics
import Testing

@Suite struct ConditionalDrawRunTests {
    let small = SmallConvolutional.all[1]

    private func run(_ samples: Int, seed: UInt64 = 1, reportEvery: Int = 0, image: Int = 0) throws
        -> ConditionalDrawRun
    {
        let hole = try #require(small.holes(image + 1)),
            places = image * small.dimension..<(image + 1) * small.dimension
        return ConditionalDrawRun(
            small.model, image: Array(small.images(image + 1)[places]), known: hole[places].map { $0 == 0 },
            samples: samples, seed: seed, reportEvery: reportEvery)
    }

    /// All pieces, those that can be taken at a time given back in the order that `order` makes of them.
    private func finished(
        _ run: ConditionalDrawRun, order: ([ConditionalDrawRun.Piece]) -> [ConditionalDrawRun.Piece] = { $0 },
        report: (ConditionalDrawRun) -> Void = { _ in }
    ) throws -> ConditionalDrawRun {
        let pass = try ConditionalDrawPass(of: small.model)
        var run = run
        while !run.isOver {
            var pieces: [ConditionalDrawRun.Piece] = []
            while let piece = run.take() { pieces.append(piece) }
            #expect(run.isExhausted && !pieces.isEmpty)
            for piece in order(pieces) { run.put(try pass.make(piece, of: run), report: report) }
        }
        #expect(run.isExhausted && run.take() == nil)
        return run
    }

    @Test func theOrderOfPiecesDoesNotMatter() throws {
        let forwards = try finished(run(37)), backwards = try finished(run(37)) { $0.reversed() }
        #expect(forwards.logLikelihoods == backwards.logLikelihoods && forwards.count == 37)
        for index in 0..<37 { #expect(forwards.draw(index) == backwards.draw(index)) }
        #expect(forwards.meanImage == backwards.meanImage)
        #expect(forwards.standardDeviation == backwards.standardDeviation)
    }

    @Test func aDrawIsAFunctionOfTheSeedAndItsNumber() throws {
        let few = try finished(run(3)), many = try finished(run(20)), others = try finished(run(3, seed: 2))
        for index in 0..<3 {
            #expect(few.draw(index) == many.draw(index) && few.logLikelihoods[index] == many.logLikelihoods[index])
            #expect(few.draw(index) != others.draw(index))
        }
        #expect(Set((0..<20).map { many.draw($0) }).count == 20)
    }

    @Test func knownPixelsAreThoseThatWereGiven() throws {
        let run = try finished(run(9))
        for index in 0..<9 {
            for (k, value) in run.draw(index).enumerated() {
                #expect(run.known[k] ? value == run.image[k] : value >= 0 && value <= 1)
            }
        }
        #expect(zip(run.known, run.standardDeviation).allSatisfy { $0 ? $1 == 0 : $1 > 0 })
    }

    @Test func meanAndDeviationAreThoseOfTheDraws() throws {
        let run = try finished(run(12)), mean = run.meanImage, deviation = run.standardDeviation
        for k in run.missing {
            let values = (0..<12).map { Double(run.draw($0)[k]) }, average = values.reduce(0, +) / 12
            let squares = values.reduce(0) { $0 + ($1 - average) * ($1 - average) }
            #expect(abs(Double(mean[k]) - average) < 1e-6)
            #expect(abs(Double(deviation[k]) - (squares / 11).squareRoot()) < 1e-6)
        }
    }

    /// Each report is about the first so many draws, in whatever order they were made.
    @Test func reportsComeInOrder() throws {
        var reports: [[ConditionalDrawRun]] = [[], []]
        _ = try finished(run(20, reportEvery: 3), report: { reports[0].append($0) })
        _ = try finished(run(20, reportEvery: 3), order: { $0.reversed() }, report: { reports[1].append($0) })
        for found in reports {
            #expect(found.map(\.reported) == [3, 6, 9, 12, 15, 18])
            #expect(found.last?.trace.map(\.iteration) == [3, 6, 9, 12, 15, 18])
        }
        for (a, b) in zip(reports[0], reports[1]) {
            #expect(a.meanImage == b.meanImage && a.logLikelihood == b.logLikelihood && a.trace == b.trace)
        }
        let last = try #require(reports[0].last), few = try finished(run(18))
        #expect(last.meanImage == few.meanImage && last.logLikelihood == few.logLikelihood)
    }

    /// Of 19 draws the 90 % interval is from the least to the largest: a twentieth draw lies below, or above, all others
    /// once in twenty.
    @Test func intervalsCoverAFurtherDrawAsOftenAsTheySay() throws {
        var covered = 0.0, all = 0.0, sums = 0.0
        let images = 200
        for image in 0..<images {
            let run = try finished(run(19, seed: UInt64(image), image: image % 8))
            let truth = Array(try finished(self.run(1, seed: UInt64(10000 + image), image: image % 8)).numbers(of: 0))
            let intervals = try #require(run.intervals(level: 0.9)), sum = try #require(run.sumInterval(level: 0.9))
            for (j, interval) in intervals.enumerated() {
                let values = (0..<19).map { Double(run.numbers(of: $0)[run.numbers(of: $0).startIndex + j]) }
                #expect(interval == (values.min() ?? 0)...(values.max() ?? 0))
            }
            covered += Double(zip(intervals, truth).count { $0.contains(Double($1)) }) / Double(intervals.count)
            all += 1
            if sum.contains(truth.reduce(0) { $0 + Double($1) }) { sums += 1 }
        }
        // Pixels of an image depend on each other: its share of covered ones varies at most as one pixel's indicator.
        let error = (0.09 / all).squareRoot()
        #expect(abs(covered / all - 0.9) < 5 * error && abs(sums / all - 0.9) < 5 * error)
        #expect(try finished(run(18)).intervals(level: 0.9) == nil)
        #expect(try finished(run(18)).sumInterval(level: 0.9) == nil)
    }

    @Test func aNumberThatIsNotFiniteIsAnError() throws {
        let wild = try ConvolutionalModel(small.architecture) { tensor in
            Array(repeating: tensor.name.hasSuffix(".log_scale") ? -80 : 0, count: tensor.count)
        }
        let pass = try ConditionalDrawPass(of: wild), hole = try #require(small.holes(1))
        var run = ConditionalDrawRun(
            wild, image: small.images(1), known: hole.map { $0 == 0 }, samples: 2, seed: 1)
        guard let conditions = run.take() else { return #expect(Bool(false), "there is work") }
        run.put(try pass.make(conditions, of: run))
        guard let piece = run.take() else { return #expect(Bool(false), "there is work") }
        let waiting = run
        #expect(throws: NonFiniteValue.self) { try pass.make(piece, of: waiting) }
    }
}
