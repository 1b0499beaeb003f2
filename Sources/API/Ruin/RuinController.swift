import Compute
import HTTP
import HTTPTypes
import RareEvents
import Statistics

/// `GET /ruin`: the gambler's ruin, simulated beside its exact value. `POST /ruin/merge`: the
/// whole run from its shards.
struct RuinController: Sendable {
    let compute: Compute
    let configuration: APIConfiguration

    var endpoints: [Endpoint] {
        [
            Endpoint(.ruin(RuinFields(limits: configuration.ruin)), action: simulate),
            Endpoint(.ruinMerge, action: merge),
        ]
    }

    @Sendable private func simulate(_ call: Call) async throws -> Response {
        let type = try call.responseType(among: [.json, .ndjson])
        var fields = try call.queryFields()
        let request = try RuinRequest(query: &fields, limits: configuration.ruin)
        let tag = request.seed == nil || type == .ndjson ? nil : EntityTag(call, type)
        if let response = tag?.notModified(for: call) { return response }
        let context = call.context(streaming: type == .ndjson)
        let seed = request.seed ?? .random(in: 0...(1 << 53 - 1))
        try reserve(request, call)
        let prepared = try await plan(request, seed: seed, in: context) { .parameter($0) }
        let run: RuinRun
        do {
            run = try RuinRun(prepared.value, request.extent)
        } catch {
            throw Problem(error, .parameter(error.parameter))
        }
        if type == .ndjson {
            return .progress(call) {
                RuinOutcome.progress($0, of: run.gamblers)
            } _: { progress in
                let report = try await simulate(run, request, context, progress)
                let outcome = RuinOutcome(request: request, plan: run.plan, report: report.value)
                return (outcome.json, prepared.timing + report.timing)
            }
        }
        let report = try await simulate(run, request, context)
        let outcome = RuinOutcome(request: request, plan: run.plan, report: report.value)
        let response = Response.json(outcome.json, timing: prepared.timing + report.timing)
        return tag?.marked(response) ?? response
    }

    /// Counts the memory that the plan may need towards that of all requests.
    private func reserve(_ request: RuinRequest, _ call: Call) throws {
        try call.request.memory.reserve(RuinPreparation.memory(for: request.ruin, method: request.method))
    }

    private func plan(
        _ request: RuinRequest, seed: UInt64, in context: WorkContext,
        culprit: (String) -> Problem.Culprit
    ) async throws -> Timed<RuinPlan> {
        do {
            return try await compute.ruinPlan(
                request.ruin, method: request.method, proposal: request.proposal,
                confidence: request.confidence, seed: seed, in: context)
        } catch let error as InvalidParameter {
            throw Problem(error, culprit(error.parameter))
        }
    }

    private func simulate(
        _ run: RuinRun, _ request: RuinRequest, _ context: WorkContext,
        _ progress: ProgressChannel<RuinReport>? = nil
    ) async throws -> Timed<RuinReport> {
        do {
            return try await reportingPartial {
                try await compute.simulate(run, in: context, progress: progress)
            } partial: { (report: RuinReport) in
                RuinOutcome.progress(report, of: run.gamblers)
            }
        } catch let error as InvalidParameter {
            throw Problem(error, .parameter(error.parameter))
        }
    }

    @Sendable private func merge(_ call: Call) async throws -> Response {
        let shards = try RuinShards(try await call.jsonExchange(), limits: configuration.ruin)
        let request = shards.request
        try reserve(request, call)
        let plan = try await plan(
            request, seed: request.seed ?? 0, in: call.context()
        ) { .pointer("/0/\($0)") }
        if let tilt = shards.tilt, tilt != plan.value.tilt.parameter {
            throw Problem.invalid(
                "“tilt” is \(tilt), but these parameters lead to \(plan.value.tilt.parameter).",
                .pointer("/0/tilt"))
        }
        try shards.check(against: plan.value)
        let outcome = RuinOutcome(
            request: request, plan: plan.value, report: plan.value.report(shards.moments))
        return .json(outcome.json, timing: plan.timing)
    }
}

extension RuinRun {
    /// How many gamblers will have played at the end; nil where the relative error decides.
    fileprivate var gamblers: UInt64? {
        if case .gamblers(let range) = extent { UInt64(range.count) } else { nil }
    }
}
