import RareEvents
import Statistics

/// A limit state function of a closure that takes a point, with its gradient.
struct ClosureLimitState: LimitStateFunction {
    let dimension: Int
    let value: @Sendable ([Double]) -> Double
    let gradient: @Sendable ([Double]) -> [Double]
    var cost: Int { 100 }

    /// - Parameter gradient: nil takes difference quotients.
    init(
        _ dimension: Int, gradient: (@Sendable ([Double]) -> [Double])? = nil,
        _ value: @escaping @Sendable ([Double]) -> Double
    ) {
        self.dimension = dimension
        self.value = value
        self.gradient =
            gradient ?? { x in
                x.indices.map { j in
                    let h = 1e-6 * max(1, x[j].magnitude)
                    var low = x, high = x
                    low[j] -= h
                    high[j] += h
                    return (value(high) - value(low)) / (2 * h)
                }
            }
    }

    func makeEvaluator(width: Int, gradient: Bool) -> any LimitStateEvaluator {
        Evaluator(self, width, gradient)
    }

    private final class Evaluator: LimitStateEvaluator {
        let state: ClosureLimitState
        let width: Int
        let wantsGradient: Bool
        let inputs: UnsafeMutablePointer<Double>
        let values: UnsafeMutablePointer<Double>
        let slopes: UnsafeMutablePointer<Double>

        init(_ state: ClosureLimitState, _ width: Int, _ wantsGradient: Bool) {
            self.state = state
            self.width = width
            self.wantsGradient = wantsGradient
            inputs = .allocate(capacity: state.dimension * width)
            inputs.initialize(repeating: 0, count: state.dimension * width)
            slopes = .allocate(capacity: state.dimension * width)
            slopes.initialize(repeating: 0, count: state.dimension * width)
            values = .allocate(capacity: width)
            values.initialize(repeating: 0, count: width)
        }

        deinit {
            inputs.deallocate()
            slopes.deallocate()
            values.deallocate()
        }

        func input(_ j: Int) -> UnsafeMutablePointer<Double> { inputs + j * width }

        func evaluate(count: Int) -> UnsafePointer<Double> {
            for i in 0..<count {
                let x = (0..<state.dimension).map { inputs[$0 * width + i] }
                values[i] = state.value(x)
                if wantsGradient {
                    for (j, slope) in state.gradient(x).enumerated() { slopes[j * width + i] = slope }
                }
            }
            return UnsafePointer(values)
        }

        func derivative(_ j: Int) -> UnsafePointer<Double> { UnsafePointer(slopes + j * width) }
    }
}

/// A limit state with its probability.
struct ReliabilityCase: Sendable, CustomStringConvertible {
    let name: String
    let probability: Double
    let problem: LimitStateProblem
    var description: String { name }

    init(
        _ name: String, _ probability: Double, _ distributions: [any ContinuousDistribution],
        correlation: [[Double]]? = nil,
        event: LimitStateProblem.Event = .below, threshold: Double = 0,
        _ value: @escaping @Sendable ([Double]) -> Double
    ) throws {
        self.name = name
        self.probability = probability
        let inputs = try RandomInputs(distributions.enumerated().map { ("x\($0 + 1)", $1) }, correlation: correlation)
        problem = try LimitStateProblem(
            ClosureLimitState(distributions.count, value), of: inputs, threshold: threshold, event: event)
    }

    static func normals(_ count: Int) -> [any ContinuousDistribution] {
        (0..<count).map { _ in NormalDistribution.standard }
    }

    /// Φ(−β).
    static func tail(_ index: Double) -> Double { NormalDistribution.standard.cumulativeProbability(-index) }
}

extension LimitStateProblem {
    func solve(
        _ method: LimitStateSpecification.Method, seed: UInt64,
        extent: LimitStateSpecification.Extent = .relativeError(0.05),
        most: UInt64 = 100_000, confidence: Double = 0.95, wantsExact: Bool = false
    ) throws -> LimitStateReport? {
        let specification = try LimitStateSpecification(
            method: method, extent: extent, maximumEvaluations: most, confidence: confidence, seed: seed)
        let run = LimitStateRun(self, specification, wantsExact: wantsExact)
        while let unit = run.nextUnit() { _ = run.complete(unit, try unit.perform()) }
        return run.isFinished ? run.report() : nil
    }
}
