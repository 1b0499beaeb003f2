import LinearAlgebra
import NormalizingFlows

/// One evaluation of a model, of NICE one coupling in each step, so that a thread that is still waking up when it
/// begins can help from the next coupling on.
///
/// `@unchecked Sendable`: the leader sets the workspace before the first step and reads it after the
/// last; in between the members evaluate the model in it, and meet at the end of each step.
final class Evaluation: SharedWork, @unchecked Sendable {
    private let model: any FlowModel
    private var workspace: (any FlowWorkspace)?

    init(of model: any FlowModel) { self.model = model }

    /// Evaluates `image`, helped by the threads that join the slice. For its leader.
    ///
    /// - Throws: `NonFiniteValue` where a number on the way is not finite.
    func run(
        _ image: [Float], missing: [Bool]?, in workspace: any FlowWorkspace, _ slice: TimeSlice
    ) throws(NonFiniteValue) {
        workspace.load(image, missing: missing)
        self.workspace = workspace
        let begin = ContinuousClock.now
        let backoff = slice.resources.backoff
        var members = 1
        for step in 0..<model.evaluationSteps {
            members = max(members, slice.perform(step, of: self, helped: backoff.isWanted))
        }
        slice.resources.backoff.note(ContinuousClock.now - begin, members: members)
        try workspace.requireFiniteValue()
    }

    func perform(_ step: Int, by member: ThreadTeam.Member) {
        workspace?.evaluate(step: step, by: member)
    }
}
