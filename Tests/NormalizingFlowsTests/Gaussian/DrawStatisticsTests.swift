import Fixtures
import LinearAlgebra
import NormalizingFlows
import Statistics
import Testing

@Suite struct DrawStatisticsTests {
    private let model: NICE

    init() throws {
        model = try SmallModel(dimension: 10).withFile { try NICE(Checkpoint(contentsOf: $0), precision: .float32) }
    }

    @Test func theyAreThoseOfTheDraws() throws {
        let workspace = try model.makeWorkspace(), count = DrawStatisticsRun.draws
        var run = DrawStatisticsRun(dimension: 10)
        while run.covariance == nil { try run.advance(model, in: workspace, operations: 1) }
        let draws = try (0..<count).map {
            try model.sample(UInt64($0), temperature: 1, in: workspace, using: Philox(seed: 0)).map(Double.init)
        }
        let mean = (0..<10).map { k in draws.reduce(0) { $0 + $1[k] } / Double(count) }
        let covariance = try #require(run.covariance)
        #expect(try #require(run.mean) == mean.map { Float($0) })
        for i in 0..<10 {
            for k in 0..<10 {
                let sample = draws.reduce(0) { $0 + ($1[i] - mean[i]) * ($1[k] - mean[k]) } / Double(count)
                // Variances get the noise's; correlations are shrunk, and only that.
                if i == k {
                    #expect((covariance[i, i] - sample - 1 / (12.0 * 65536)).magnitude < 1e-12)
                } else {
                    #expect(covariance[i, k].magnitude <= sample.magnitude + 1e-12)
                    #expect((covariance[i, k] - sample).magnitude < 0.5 * sample.magnitude + 1e-12)
                }
                #expect(covariance[i, k] == covariance[k, i])
            }
        }
        // Positive definite.
        _ = try CholeskyFactor(of: covariance)
    }

    @Test func aCurvatureIsThatOfTheDraws() throws {
        let workspace = try model.makeWorkspace(), count = CurvatureRun.draws
        var run = CurvatureRun(dimension: 10), sums = [Double](repeating: 0, count: 10)
        while run.result == nil { try run.advance(model, in: workspace) }
        for index in 0..<count {
            let image = try model.sample(UInt64(index), temperature: 1, in: workspace, using: Philox(seed: 0))
            model.differentiate(image, in: workspace)
            for (k, g) in workspace.gradient.enumerated() { sums[k] += Double(g * g) }
        }
        for (found, sum) in zip(try #require(run.result), sums) {
            #expect((Double(found) - max(1, sum / Double(count))).magnitude < 1e-4 * Double(found))
        }
    }
}
