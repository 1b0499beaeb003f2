import Statistics

/// What g came to at points.
struct EvaluatedPoints: Sendable {
    /// The safety margin: ± (g − threshold), at most 0 in the event.
    var margins: [Double] = []
    /// (count, dimension), in standard normal space; empty unless asked for.
    var gradients: [Double] = []
}

extension LimitStateProblem {
    /// About how long a point takes, in nanoseconds.
    private var cost: Int {
        var cost = 8 * inputs.count + max(function.cost, 1)
        for distribution in inputs.distributions { cost += 4 * distribution.transformCost }
        if !inputs.areIndependent { cost += inputs.count * inputs.count / 2 }
        return cost
    }

    /// About a millisecond's worth.
    func pointsPerUnit(gradient: Bool) -> Int {
        max(8, min(4096, 1_000_000 / (cost * (gradient ? 6 : 1))))
    }

    /// Points evaluated at a time: their numbers stay in the second cache.
    var blockWidth: Int { max(16, min(256, 16384 / inputs.count)) }

    /// From points to margins and gradients.
    ///
    /// - Parameter leniently: NaN margins are left; otherwise they are an error, unless so far out that no draw comes there.
    func evaluate(
        _ points: Points, _ range: Range<Int>, gradient: Bool, leniently: Bool, _ stop: StopCheck
    ) throws -> EvaluatedPoints {
        let width = min(blockWidth, max(range.count, 1)), d = inputs.count
        let block = EvaluationBlock(self, width: width, gradient: gradient)
        var result = EvaluatedPoints()
        result.margins.reserveCapacity(range.count)
        var start = range.lowerBound
        while start < range.upperBound {
            try stop.look()
            let count = min(width, range.upperBound - start)
            for i in 0..<count {
                for j in 0..<d { block.u[j * width + i] = points.coordinates[(start + i) * d + j] }
            }
            block.evaluate(count)
            if !leniently { try block.requireNumbers(count) }
            for i in 0..<count { result.margins.append(block.margins[i]) }
            if gradient {
                block.differentiate(count)
                for i in 0..<count {
                    for j in 0..<d { result.gradients.append(block.gradient[j * width + i]) }
                }
            }
            start += count
        }
        return result
    }
}

/// Memory in which one thread takes points from standard normal space to margins.
final class EvaluationBlock {
    let problem: LimitStateProblem
    let width: Int
    let dimension: Int
    /// (dimension, width), by variable.
    let u: UnsafeMutablePointer<Double>
    /// Correlated standard normal numbers; `u` itself where inputs are independent.
    private let z: UnsafeMutablePointer<Double>
    let margins: UnsafeMutablePointer<Double>
    /// ∂margin/∂u, (dimension, width).
    let gradient: UnsafeMutablePointer<Double>
    private let evaluator: any LimitStateEvaluator
    private let memory: UnsafeMutablePointer<Double>

    init(_ problem: LimitStateProblem, width: Int, gradient: Bool) {
        self.problem = problem
        self.width = width
        dimension = problem.inputs.count
        let size = dimension * width
        memory = .allocate(capacity: 3 * size + width)
        memory.initialize(repeating: 0, count: 3 * size + width)
        u = memory
        z = problem.inputs.areIndependent ? memory : memory + size
        self.gradient = memory + 2 * size
        margins = memory + 3 * size
        evaluator = problem.function.makeEvaluator(width: width, gradient: gradient)
    }

    deinit { memory.deallocate() }

    private var sign: Double { (problem.event == .below) != problem.isComplement ? 1 : -1 }

    /// Margins of the first `count` points of `u`.
    func evaluate(_ count: Int) {
        let inputs = problem.inputs
        if let factor = inputs.factor {
            for i in 0..<dimension {
                let row = RandomInputs.row(i), z = z + i * width
                z.update(repeating: 0, count: count)
                for k in 0...i {
                    let entry = factor[row + k], u = u + k * width
                    if entry != 0 { for p in 0..<count { z[p] += entry * u[p] } }
                }
            }
        }
        for j in 0..<dimension {
            inputs.distributions[j].transform(z + j * width, into: evaluator.input(j), count: count)
        }
        let values = evaluator.evaluate(count: count), sign = sign, threshold = problem.threshold
        for i in 0..<count { margins[i] = sign * (values[i] - threshold) }
        // The threshold itself belongs to the event.
        if problem.isComplement { for i in 0..<count where margins[i] == 0 { margins[i] = .leastNonzeroMagnitude } }
    }

    /// The gradient at the points of the last evaluation.
    func differentiate(_ count: Int) {
        let sign = sign
        for j in 0..<dimension {
            let x = evaluator.input(j), slope = evaluator.derivative(j)
            let distribution = problem.inputs.distributions[j], out = gradient + j * width, z = z + j * width
            for i in 0..<count { out[i] = sign * slope[i] * distribution.transformDerivative(at: z[i], x[i]) }
        }
        guard let factor = problem.inputs.factor else { return }
        // Lᵀ: column k of the factor, in place, first columns first.
        for k in 0..<dimension {
            let out = gradient + k * width, diagonal = factor[RandomInputs.row(k) + k]
            for i in 0..<count { out[i] *= diagonal }
            for j in (k + 1)..<max(k + 1, dimension) {
                let entry = factor[RandomInputs.row(j) + k], other = gradient + j * width
                if entry != 0 { for i in 0..<count { out[i] += entry * other[i] } }
            }
        }
    }

    /// The variables at a point of the last evaluation.
    func x(_ i: Int) -> [Double] { (0..<dimension).map { evaluator.input($0)[i] } }

    /// g at a point of the last evaluation.
    func value(_ i: Int) -> Double { sign * margins[i] + problem.threshold }

    /// Margins that are not numbers become misses where points are so far out that they do not matter, and an error elsewhere.
    func requireNumbers(_ count: Int) throws(LimitStateError) {
        for i in 0..<count where margins[i].isNaN {
            var square = 0.0
            for j in 0..<dimension { square += u[j * width + i] * u[j * width + i] }
            guard ScaledGammaDistribution(shape: Double(dimension) / 2, scale: 2).survivalProbability(square) < 1e-12
            else {
                throw .undefined(at: x(i))
            }
            margins[i] = .infinity
        }
    }
}
