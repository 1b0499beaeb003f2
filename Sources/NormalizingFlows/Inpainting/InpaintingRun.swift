import Projections

/// One image's projected gradient ascent, a step at a time and without a model of its own:
/// evaluate `position` as `demand` says, hand the numbers to `absorb`, until `demand` is nil.
///
/// The model is evaluated elsewhere, so that a run can be paused between two steps and resumed on
/// another thread. Its result depends on its own numbers alone.
public struct InpaintingRun: Sendable {
    /// What has to be known at `position` next.
    public enum Demand: Sendable { case value, gradient }
    public enum Stop: String, Sendable, CaseIterable { case iterations, tolerance }

    /// log p at the iterate of one iteration, in nats.
    public struct TracePoint: Sendable, Equatable {
        public let iteration: Int
        public let logLikelihood: Double
    }

    public let specification: InpaintingSpecification
    public let limits: Limits
    /// The point to evaluate, D pixels.
    public private(set) var position: [Float]
    public private(set) var demand: Demand? = .gradient
    /// Gradient evaluations so far.
    public private(set) var iteration = 0
    public private(set) var stop: Stop?
    public private(set) var trace: [TracePoint] = []
    public private(set) var initialLogLikelihood: Double?
    /// The last point whose log p is known; the last entry of the trace, if any, is about it.
    public private(set) var evaluated: [Float]
    /// log p of `answer`; nil before the first evaluation.
    public private(set) var logLikelihood: Double?
    private var rule: any AscentRule
    private var best: [Float] = []
    private var bestLogLikelihood = -Double.infinity

    /// When to stop and what to keep.
    public struct Limits: Sendable {
        /// Gradient evaluations, at most.
        public var iterations: Int
        /// Stop when ‖Π_C(x + ∇) − x‖₂ falls below it; 0 = never.
        public var tolerance: Double
        /// Keep log p every `traceEvery` iterations; 0 = never.
        public var traceEvery: Int

        public init(iterations: Int, tolerance: Double = 0, traceEvery: Int = 0) {
            self.iterations = iterations
            self.tolerance = tolerance
            self.traceEvery = traceEvery
        }
    }

    /// - Parameter start: D pixels; moved into C.
    public init(
        _ specification: InpaintingSpecification, from start: [Float], rule: any AscentRule, limits: Limits
    ) {
        precondition(limits.iterations >= 1)
        self.specification = specification
        self.limits = limits
        self.rule = rule
        position = specification.start(from: start)
        evaluated = position
    }

    /// The answer so far: the best point met where the rule keeps it, else the last one evaluated.
    public var answer: [Float] { rule.keepsBest && !best.isEmpty ? best : evaluated }

    /// Takes log p(position) and, where `demand` asked for it, its gradient (D entries), all finite.
    ///
    /// - Throws: `NonFiniteValue` where the step from there leads nowhere; the run is not to be
    ///   continued then.
    public mutating func absorb(
        logLikelihood value: Double, gradient: [Float]
    ) throws(NonFiniteValue) {
        guard let demand else { return }
        record(value)
        guard demand == .gradient else {
            stop = .iterations
            self.demand = nil
            return
        }
        if limits.tolerance > 0 {
            let norm = specification.constraints.projectedGradientNorm(at: position, gradient: gradient)
            if norm < limits.tolerance {
                iteration += 1
                stop = .tolerance
                self.demand = nil
                return
            }
        }
        rule.step(
            &position, gradient: gradient, iteration: iteration, constraints: specification.constraints)
        iteration += 1
        if let pixel = position.firstIndex(where: { !$0.isFinite }) {
            throw NonFiniteValue(.step(pixel: pixel))
        }
        if iteration == limits.iterations { self.demand = .value }
    }

    /// Records log p at the current position, which `iteration` steps have led to.
    private mutating func record(_ value: Double) {
        evaluated = position
        if initialLogLikelihood == nil { initialLogLikelihood = value }
        if limits.traceEvery > 0 && iteration % limits.traceEvery == 0 {
            trace.append(TracePoint(iteration: iteration, logLikelihood: value))
        }
        if value > bestLogLikelihood {
            bestLogLikelihood = value
            if rule.keepsBest { best = position }
        }
        logLikelihood = rule.keepsBest ? bestLogLikelihood : value
    }
}
