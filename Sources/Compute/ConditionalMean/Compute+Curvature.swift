extension Compute {
    /// E[(∂ log p/∂x_k)²] over draws of the model, D numbers of at least 1: how curved log p is along each pixel. Made at
    /// first use.
    ///
    /// - Parameter model: nil for the default one.
    public func curvature(
        by model: LoadedModel? = nil, in context: WorkContext = .unlimited
    ) async throws -> Timed<[Float]> {
        let statistics = (model ?? standard.model).statistics
        if let curvature = statistics.curvature { return Timed(value: curvature, timing: .none) }
        return try await perform(from: (), in: context) { _, resources in
            try statistics.advanceCurvature(resources)
        }
    }
}
