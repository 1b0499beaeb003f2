import NormalizingFlows
import Synchronization

/// The mean of a model's images and their normal distribution, from the weights file where it records them, else from
/// draws of the model; and how curved its density is. What is not in the file is made once, a piece at a time, by the work of whichever
/// requests need it: each has its own deadline, and none loses what another began.
final class ModelStatistics: Sendable {
    private struct State {
        var mean: [Float]?
        var draws: DrawStatisticsRun?
        var run: ImageGaussianRun?
        var curvature: CurvatureRun
    }

    private let model: any FlowModel
    private let state: Mutex<State>

    init(of model: any FlowModel) {
        self.model = model
        state = Mutex(State(mean: model.trainingMean, curvature: CurvatureRun(dimension: model.dimension)))
    }

    /// The mean, D pixels, where it is known already.
    var mean: [Float]? { state.withLock { $0.mean } }

    /// How curved log p is along each pixel, where that is known already.
    var curvature: [Float]? { state.withLock { $0.curvature.result } }

    /// Works on the curvature for about a millisecond.
    ///
    /// - Returns: the curvature, once it is known.
    func advanceCurvature(_ resources: ThreadResources) throws -> [Float]? {
        try resources.withWorkspace(for: model) { workspace in
            try state.withLock { state in
                try state.curvature.advance(model, in: workspace)
                return state.curvature.result
            }
        }
    }

    /// Works on the mean for about a millisecond.
    ///
    /// - Returns: the mean, once it is known.
    func advanceMean(_ resources: ThreadResources) throws -> [Float]? {
        try resources.withWorkspace(for: model) { workspace in
            try state.withLock { state in
                if let mean = state.mean { return mean }
                try drawn(&state, in: workspace)
                state.mean = state.draws?.mean
                return state.mean
            }
        }
    }

    /// Works on the normal distribution for about a millisecond. The model has at most
    /// `ImageGaussian.mostPixels` pixels.
    ///
    /// - Returns: the distribution, once it is known.
    /// - Throws: `NotPositiveDefinite` where the file's covariance has no inverse in double precision.
    func advanceGaussian(_ resources: ThreadResources) throws -> ImageGaussian? {
        if let known = state.withLock({ $0.run?.result }) { return known }
        return try resources.withWorkspace(for: model) { workspace in
            try state.withLock { state in
                if state.run == nil {
                    if let mean = model.trainingMean, let factor = model.trainingFactor {
                        state.run = ImageGaussianRun(mean: mean.map(Double.init), factor: factor)
                    } else {
                        return try begin(&state, in: workspace)
                    }
                }
                try state.run?.advance(operations: operationsPerStep)
                return state.run?.result
            }
        }
    }

    /// Goes on with the draws, and begins with their distribution when their covariance is there.
    private func begin(_ state: inout State, in workspace: any FlowWorkspace) throws -> ImageGaussian? {
        try drawn(&state, in: workspace)
        guard let draws = state.draws, let covariance = draws.covariance, let mean = state.mean ?? draws.mean
        else { return nil }
        state.mean = mean
        state.run = ImageGaussianRun(mean: mean.map(Double.init), covariance: covariance)
        state.draws = nil
        return nil
    }

    private func drawn(_ state: inout State, in workspace: any FlowWorkspace) throws(NonFiniteValue) {
        if state.draws == nil { state.draws = DrawStatisticsRun(dimension: model.dimension) }
        try state.draws?.advance(model, in: workspace, operations: operationsPerStep)
    }
}

/// Multiply-adds of double precision that take about a millisecond.
let operationsPerStep = 4_000_000
