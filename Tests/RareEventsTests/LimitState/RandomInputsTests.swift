import RareEvents
import Statistics
import Testing

@Suite struct RandomInputsTests {
    private let two: [(name: String, distribution: any ContinuousDistribution)] = [
        ("load", NormalDistribution.standard), ("strength", GumbelDistribution(mean: 1, standardDeviation: 2)),
    ]

    @Test func aBadMatrixIsNamed() {
        let bad: [([[Double]], String)] = [
            ([[1, 0.5]], "size 2"), ([[1, 0.5], [0.4, 1]], "symmetric"), ([[2, 0], [0, 1]], "diagonal"),
            ([[1, 1], [1, 1]], "strictly"), ([[1, .nan], [.nan, 1]], "symmetric"),
        ]
        for (matrix, word) in bad {
            #expect { try RandomInputs(two, correlation: matrix) } throws: {
                guard let error = $0 as? InvalidParameter else { return false }
                return error.parameter == "correlation" && error.reason.contains(word)
            }
        }
        let three = two + [("third", NormalDistribution.standard)]
        #expect {
            try RandomInputs(three, correlation: [[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]])
        } throws: {
            (($0 as? InvalidParameter)?.reason ?? "").contains("variance left for third")
        }
        #expect { try RandomInputs([]) } throws: { ($0 as? InvalidParameter)?.parameter == "variables" }
    }

    @Test func specificationsAreChecked() {
        func culprit(_ make: () throws -> LimitStateSpecification) -> String? {
            do {
                _ = try make()
                return nil
            } catch { return (error as? InvalidParameter)?.parameter }
        }
        #expect(culprit { try .init(extent: .relativeError(0), seed: 1) } == "relative_error")
        #expect(culprit { try .init(extent: .relativeError(.nan), seed: 1) } == "relative_error")
        #expect(culprit { try .init(extent: .draws(0), seed: 1) } == "n")
        #expect(culprit { try .init(extent: .draws(11), maximumEvaluations: 10, seed: 1) } == "n")
        #expect(culprit { try .init(maximumEvaluations: 0, seed: 1) } == "max_evaluations")
        #expect(culprit { try .init(confidence: 1, seed: 1) } == "confidence")
        #expect(culprit { try .init(seed: 1) } == nil)
    }
}
