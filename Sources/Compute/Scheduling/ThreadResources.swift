import NormalizingFlows

/// What a compute thread keeps from one work item to the next.
public final class ThreadResources {
    private var workspaces: [NICEWorkspace] = []
    /// Whether help pays in evaluations.
    var backoff = HelpBackoff()

    /// Lends a workspace that fits `model`: a used one if there is one.
    public func withWorkspace<Value>(
        for model: NICE, _ body: (NICEWorkspace) throws -> Value
    ) rethrows -> Value {
        let workspace = takeWorkspace(for: model)
        defer { workspaces.append(workspace) }
        return try body(workspace)
    }

    private func takeWorkspace(for model: NICE) -> NICEWorkspace {
        while let workspace = workspaces.popLast() {
            if workspace.fits(model) { return workspace }
        }
        return model.makeWorkspace()
    }
}
