import NormalizingFlows

/// What a compute thread keeps from one work item to the next.
public final class ThreadResources {
    /// A workspace that is not lent, and the loan that it was returned from.
    private struct Kept {
        let workspace: any FlowWorkspace
        let loan: Int
    }

    private var kept: [Kept] = []
    private var loans = 0
    /// A workspace that so many later loans had no use for is given up: its model may be one that was replaced.
    private static let mostLoans = 64
    /// Whether help pays in evaluations.
    var backoff = HelpBackoff()

    /// Lends a workspace that fits `model`: a used one if there is one.
    public func withWorkspace<Value>(
        for model: any FlowModel, _ body: (any FlowWorkspace) throws -> Value
    ) throws -> Value {
        loans += 1
        kept.removeAll { loans - $0.loan > Self.mostLoans }
        let workspace: any FlowWorkspace
        if let index = kept.lastIndex(where: { $0.workspace.fits(model) }) {
            workspace = kept.remove(at: index).workspace
        } else {
            workspace = try model.makeWorkspace()
        }
        defer { kept.append(Kept(workspace: workspace, loan: loans)) }
        return try body(workspace)
    }
}
