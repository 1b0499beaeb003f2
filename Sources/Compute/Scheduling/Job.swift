import LinearAlgebra
import NormalizingFlows

/// Hands a result to the task that waits for it. That task may go on at once, on the thread that
/// calls this: to be called last, without a lock.
typealias Completion = () -> Void

/// Work that a compute thread advances a slice at a time, so that nothing long holds a thread.
///
/// `@unchecked Sendable`: a job is in the scheduler's queue or in the hands of the one thread
/// that took it out, and passes between them under the scheduler's lock.
final class Job: @unchecked Sendable {
    let token: CancellationToken
    var hasBegun = false
    /// What threads that are idle can help with, where there is such a thing.
    let shared: (any SharedWork)?
    /// Works for about a millisecond; when the job is done, what delivers its result. Where the
    /// work is shared, with the turn that helpers join.
    let slice: (ThreadResources, SharedSlice?) -> Completion?
    /// Tells the waiting task that the work was given up.
    let abandon: (Interruption) -> Void

    init(
        token: CancellationToken, shared: (any SharedWork)? = nil,
        slice: @escaping (ThreadResources, SharedSlice?) -> Completion?,
        abandon: @escaping (Interruption) -> Void
    ) {
        self.token = token
        self.shared = shared
        self.slice = slice
        self.abandon = abandon
    }
}

/// What a compute thread keeps from one piece of work to the next.
public final class ThreadResources {
    private var workspaces: [NICEWorkspace] = []
    /// Whether help pays in evaluations.
    var pace = HelpBackoff()

    /// A workspace that fits `model`: a used one where there is one.
    func takeWorkspace(for model: NICE) throws(OutOfMemory) -> NICEWorkspace {
        while let workspace = workspaces.popLast() {
            if workspace.fits(model) { return workspace }
        }
        return try model.makeWorkspace()
    }

    func giveBack(_ workspace: NICEWorkspace) { workspaces.append(workspace) }

    public func withWorkspace<Value>(
        for model: NICE, _ body: (NICEWorkspace) throws -> Value
    ) throws -> Value {
        let workspace = try takeWorkspace(for: model)
        defer { giveBack(workspace) }
        return try body(workspace)
    }
}
