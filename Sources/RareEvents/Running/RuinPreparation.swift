import Statistics

/// Works out a plan in time slices: first the exact value, then the tilt or the table.
public struct RuinPreparation: Sendable {
    let ruin: GamblersRuin
    let method: RuinPlan.Method
    let confidence: Double
    let seed: UInt64
    /// The tilt that the request names; nil where it is to be chosen.
    private let given: ExponentialTilt?
    /// What is being worked out, one after the other.
    private var computation: ExactRuin.Computation?
    private var choice: TiltChoice?
    private var construction: DoobTransform.Construction?
    private var exact: ExactRuin?

    /// - Throws: `InvalidParameter` for parameters that are out of range or do not go together.
    public init(
        _ ruin: GamblersRuin, method: RuinPlan.Method, proposal: RuinPlan.Proposal, confidence: Double,
        seed: UInt64
    ) throws(InvalidParameter) {
        guard confidence > 0, confidence < 1 else {
            throw InvalidParameter("confidence", "must lie strictly between 0 and 1")
        }
        switch proposal {
        case .winProbability(let q):
            guard method == .importance else { throw InvalidParameter("q", "needs method=importance") }
            given = try ExponentialTilt(winProbability: q, of: ruin)
        case .automatic: given = method == .importance ? nil : .unchanged(ruin)
        }
        self.ruin = ruin
        self.method = method
        self.confidence = confidence
        self.seed = seed
        computation = ExactRuin.Computation(ruin)
    }

    /// The bytes that the preparation and its plan may need.
    public static func memory(for ruin: GamblersRuin, method: RuinPlan.Method) -> Int {
        // The sampler's tables and the gamblers of a unit take less than two megabytes.
        let sampler = method == .zeroVariance ? DoobTransform.memory(for: ruin) : 2 << 20
        return HittingLaw.Recursion.memory(for: ruin) + sampler
    }

    /// Works for about a millisecond; where the exact law is of the largest size, for up to 20 ms.
    ///
    /// - Returns: the plan, once it is ready.
    /// - Throws: `InvalidParameter` naming `method` where Doob's transform cannot be had.
    public mutating func advance() throws(InvalidParameter) -> RuinPlan? {
        switch computation?.advance() {
        case .unfinished: return nil
        case .finished(let exact):
            self.exact = exact
            computation = nil
            if method == .zeroVariance {
                construction = try DoobTransform.Construction(ruin)
            } else if given == nil {
                choice = TiltChoice(ruin, exact: exact, seed: seed)
            }
            return nil
        case nil: break
        }
        if construction != nil {
            guard let transform = try construction?.advance() else { return nil }
            return RuinPlan(self, exact: exact, tilt: .unchanged(ruin), sampler: transform)
        }
        guard let tilt = given ?? choice?.advance() else { return nil }
        return RuinPlan(self, exact: exact, tilt: tilt, sampler: ImportanceSampler(ruin, tilt: tilt))
    }
}
