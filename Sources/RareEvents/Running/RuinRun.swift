import Statistics

/// The bookkeeping of one run: which gamblers to play next, and what is known so far. It
/// computes nothing: whoever owns the threads asks for units, has `plan.simulate` play
/// them anywhere, and completes them here in any order.
///
///     while let unit = run.nextUnit() { progress += run.complete(unit, try plan.simulate(unit)) }
///
/// What it reports depends on the plan and the gamblers alone.
public struct RuinRun: Sendable {
    public enum Extent: Sendable, Hashable {
        /// These gamblers.
        case gamblers(Range<UInt64>)
        /// Gamblers from 0 on, looked at after 1024, 2048, 4096 … until the relative error
        /// is at most this, or so many have played.
        case relativeError(Double, most: UInt64)
    }

    public let plan: RuinPlan
    public let extent: Extent
    /// The moments of the first gamblers in index order, without a gap.
    public private(set) var moments: RuinMoments
    public private(set) var isFinished = false

    private let first: UInt64
    private let last: UInt64
    /// Where the next unit starts, and the look after it.
    private var handedOut: UInt64
    private var handedLook: UInt64
    /// Where the gamblers known without a gap end, and the look after it.
    private var known: UInt64
    private var look: UInt64
    /// Completed beyond the gap, by first gambler.
    private var early: [UInt64: (unit: Range<UInt64>, moments: RuinMoments)] = [:]

    /// - Throws: `InvalidParameter` naming `relative_error` unless it is above 0, or `k`
    ///   where the limits allow no gambler.
    public init(_ plan: RuinPlan, _ extent: Extent) throws(InvalidParameter) {
        self.plan = plan
        self.extent = extent
        switch extent {
        case .gamblers(let range):
            precondition(!range.isEmpty, "a run needs a gambler")
            (first, last) = (range.lowerBound, range.upperBound)
        case .relativeError(let target, let most):
            guard target > 0, target.isFinite else { throw InvalidParameter("relative_error", "must be above 0") }
            guard most > 0 else { throw InvalidParameter("k", "must leave room for a gambler within the limits") }
            (first, last) = (0, most)
        }
        moments = plan.empty
        (handedOut, known) = (first, first)
        (handedLook, look) = (first, first)
        look = self.look(after: first)
        handedLook = look
    }

    /// The next gamblers to play, about a millisecond of work; `nil` while there is nothing
    /// to hand out: at the end, or before a look that decides whether to go on.
    public mutating func nextUnit() -> Range<UInt64>? {
        if handedOut == handedLook {
            if case .relativeError = extent, look <= handedOut { return nil }
            handedLook = look(after: handedLook)
        }
        guard !isFinished, handedOut < last else { return nil }
        // Units end at looks, so that a look sees just its gamblers.
        let stop = min(handedOut + plan.sampler.gamblersPerUnit, handedLook)
        let unit = handedOut..<stop
        handedOut = stop
        return unit
    }

    /// Whether `nextUnit`, now or after a look, may hand out something.
    public var mayHandOut: Bool { !isFinished && handedOut < last }

    /// How many threads the run could keep busy at once, each for a whole unit.
    public var mostThreads: Int {
        Int(clamping: (last - first - 1) / plan.sampler.gamblersPerUnit + 1)
    }

    /// Takes in a unit's moments, and returns a report for every look that it completes.
    public mutating func complete(_ unit: Range<UInt64>, _ result: RuinMoments) -> [RuinReport] {
        precondition(result.gamblers == UInt64(unit.count) && unit.lowerBound >= known)
        early[unit.lowerBound] = (unit, result)
        var reports: [RuinReport] = []
        while let ready = early.removeValue(forKey: known) {
            moments.merge(ready.moments)
            known = ready.unit.upperBound
            guard known == look else { continue }
            let report = report()
            reports.append(report)
            isFinished = known == last || hasReached(report)
            if isFinished { break }
            look = look(after: look)
        }
        return reports
    }

    /// The report on the gamblers known so far; at the end, the answer.
    public func report() -> RuinReport {
        var report = plan.report(moments)
        if case .relativeError(let target, let most) = extent, moments.gamblers == most, !hasReached(report) {
            report.warnings.append(.accuracyNotReached(target))
        }
        return report
    }

    private func hasReached(_ report: RuinReport) -> Bool {
        guard case .relativeError(let target, _) = extent, let error = report.relativeError else { return false }
        return error <= target
    }

    /// Doublings from 1024 gamblers on; in a run of known length at most a 32nd of it apart.
    private func look(after look: UInt64) -> UInt64 {
        var step = max(look - first, 1024)
        if case .gamblers = extent { step = min(step, max(1024, (last - first - 1) / 32 + 1)) }
        return min(look + step, last)
    }
}
