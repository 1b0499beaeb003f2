import API
import RareEvents
import Statistics

/// How near the estimates of rare events come, whether their intervals cover the truth, and how many evaluations they
/// take, method by method; and how fast g is evaluated. Beside OpenTURNS and NumPy (`peerScript`) in the same run.
package struct ProbabilityBenchmark: Sendable {
    /// One method on one problem, over several seeds.
    package struct Row: Sendable, Hashable {
        package var problem: String
        package var method: String
        /// Estimate / truth, the middle one.
        package var ratio: Double
        /// The share of intervals that cover the truth; nil for methods without one.
        package var coverage: Double?
        /// Evaluations of g, the middle number.
        package var evaluations: Double
        /// Evaluations a second of the whole estimate, of the fastest.
        package var rate: Double
    }

    /// Evaluations of g a second, of the fastest of many rounds, on one thread.
    package struct Speed: Sendable, Hashable {
        package var problem: String
        package var name: String
        package var rate: Double

        package init(problem: String, name: String, rate: Double) {
            self.problem = problem
            self.name = name
            self.rate = rate
        }
    }

    let seconds: Double
    let seeds: Int

    /// - Parameters:
    ///   - seconds: of each measurement of speed, about.
    ///   - seeds: runs of each method on each problem.
    package init(seconds: Double = 1, seeds: Int = 1) {
        self.seconds = seconds
        self.seeds = seeds
    }

    /// The peers, for `python3 - seconds seeds problem… -- timed…`.
    package static var peerScript: String { String(decoding: PackageResources.probability_openturns_py, as: UTF8.self) }

    /// - Parameter estimating: whether estimates are wanted besides the speed.
    package func peerArguments(estimating: Bool) -> [String] {
        let problems = estimating ? ReliabilityProblem.all : []
        return ["-", "\(seconds)", "\(seeds)"] + problems.map { "\($0.line)\t\($0.truth)\t\($0.truthError)" } + ["--"]
            + ReliabilityProblem.timed.map(\.line)
    }

    /// Riviera's rows: every problem by every method.
    package func measure(
        _ methods: [LimitStateSpecification.Method] = LimitStateSpecification.Method.allCases,
        on problems: [ReliabilityProblem] = ReliabilityProblem.all
    ) throws -> [Row] {
        try problems.flatMap { problem in try methods.map { try measure($0, problem) } }
    }

    private func measure(_ method: LimitStateSpecification.Method, _ problem: ReliabilityProblem) throws -> Row {
        let limitState = try problem.problem, clock = ContinuousClock()
        var ratios: [Double] = [], evaluations: [Double] = [], covered = 0, intervals = 0, fastest = 0.0
        for seed in 1...UInt64(max(seeds, 1)) {
            let specification = try LimitStateSpecification(method: method, maximumEvaluations: 100_000, seed: seed)
            let start = clock.now
            let run = LimitStateRun(limitState, specification, wantsExact: false)
            while let unit = run.nextUnit() { _ = run.complete(unit, try unit.perform()) }
            guard let report = run.report() else { continue }
            let elapsed = (clock.now - start) / .seconds(1)
            ratios.append(report.estimate.value / problem.truth)
            evaluations.append(Double(report.evaluations))
            fastest = max(fastest, Double(report.evaluations) / elapsed)
            if let interval = report.confidenceInterval {
                intervals += 1
                // The truth is itself known to three of its standard errors only.
                let slack = 3 * problem.truthError
                if interval.lower - slack <= problem.truth, problem.truth <= interval.upper + slack { covered += 1 }
            }
        }
        return Row(
            problem: problem.name, method: method.rawValue, ratio: ratios.isEmpty ? .nan : median(ratios),
            coverage: intervals > 0 ? Double(covered) / Double(intervals) : nil,
            evaluations: evaluations.isEmpty ? .nan : median(evaluations), rate: fastest)
    }

    /// Blocks of g in this many points, in the first cache.
    private static let width = 256

    /// How fast Riviera evaluates g.
    package func measureSpeed() throws -> [Speed] {
        try ReliabilityProblem.timed.map { problem in
            let function = try problem.function, inputs = try problem.inputs, clock = ContinuousClock()
            let evaluator = function.makeEvaluator(width: Self.width, gradient: false)
            for (j, input) in inputs.enumerated() {
                for i in 0..<Self.width {
                    evaluator.input(j)[i] = input.distribution.quantile((Double(i) + 0.5) / Double(Self.width))
                }
            }
            var fastest = Double.infinity
            let rounds = 200, begin = clock.now
            repeat {
                let start = clock.now
                for _ in 0..<rounds { _ = evaluator.evaluate(count: Self.width) }
                fastest = min(fastest, (clock.now - start) / .seconds(1))
            } while clock.now - begin < .seconds(seconds)
            return Speed(
                problem: problem.name, name: "Riviera", rate: Double(rounds * Self.width) / fastest)
        }
    }

    /// Reads what `peerScript` printed.
    package static func peerRows(_ output: String) -> (rows: [Row], speeds: [Speed]) {
        var rows: [Row] = [], speeds: [Speed] = []
        for line in output.split(separator: "\n") {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            if fields.count == 4, fields[0] == "speed", let rate = Double(fields[3]) {
                speeds.append(Speed(problem: fields[1], name: fields[2], rate: rate))
            } else if fields.count == 7, fields[0] == "row", let ratio = Double(fields[3]),
                let evaluations = Double(fields[5]),
                let rate = Double(fields[6])
            {
                rows.append(
                    Row(
                        problem: fields[1], method: fields[2], ratio: ratio, coverage: Double(fields[4]),
                        evaluations: evaluations, rate: rate))
            }
        }
        return (rows, speeds)
    }
}
