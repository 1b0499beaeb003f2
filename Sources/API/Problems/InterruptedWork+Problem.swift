import Compute

/// Runs work; where that is interrupted, by its deadline or by the service's end, throws the problem
/// that has what had been reached as `partial`.
func reportingPartial<Value, Partial>(
    _ body: () async throws -> Value, partial json: (Partial) -> JSON
) async throws -> Value {
    do {
        return try await body()
    } catch ComputeError.interrupted(let work) {
        var problem = Problem(ComputeError.interrupted(work))
        if let partial = work.partial as? Partial { problem.extensions = [("partial", json(partial))] }
        throw problem
    }
}
