import Compute
import Fixtures
import NormalizingFlows
import Statistics
import Testing

@Suite struct ConditionalMeanTests {
    private static let dimension = 64

    private func compute(threads: Int = 2, recorded: Bool = true) throws -> Compute {
        let small = SmallModel(dimension: Self.dimension, width: 30, trainingMean: recorded)
        let model = try small.withFile { try LoadedModel(contentsOf: $0, precision: .float16) }
        return try Compute(model: model, configuration: .init(threads: threads))
    }

    private func example(_ number: UInt64) -> (image: [Float], known: [Bool]) {
        let draws = UniformDistribution.standard.draws(2 * Self.dimension, from: Philox(seed: 8, stream: number))
        let share = Double(number % 10 + 1) / 11
        return (
            draws[..<Self.dimension].map { Float($0) }, draws[Self.dimension...].map { $0 < share }
        )
    }

    /// At once on several threads, with masks that come again, before and after what the model needs has been made.
    @Test(arguments: [true, false]) func theSameBitsForAnyNumberOfThreads(recorded: Bool) async throws {
        let lonely = try compute(threads: 1, recorded: recorded)
        var expected: [[Float]] = []
        for number in 0..<30 {
            let (image, known) = example(UInt64(number % 20))
            expected.append(try await lonely.conditionalMean(of: image, known: known).value.image)
        }
        lonely.stop()
        let busy = try compute(threads: 3, recorded: recorded)
        let tasks = (0..<30).map { number in
            Task {
                let (image, known) = example(UInt64(number % 20))
                return try await busy.conditionalMean(of: image, known: known).value.image
            }
        }
        for (number, task) in tasks.enumerated() { #expect(try await task.value == expected[number]) }
        busy.stop()
    }

    @Test(arguments: [true, false]) func knownPixelsStayAndOthersDependOnThem(recorded: Bool) async throws {
        let compute = try compute(recorded: recorded)
        defer { compute.stop() }
        var (image, known) = example(5)
        let answer = try await compute.conditionalMean(of: image, known: known).value.image
        for k in known.indices where known[k] { #expect(answer[k] == image[k]) }
        // The values of missing pixels do not matter, those of known ones do.
        for k in known.indices where !known[k] { image[k] = 0.5 }
        #expect(try await compute.conditionalMean(of: image, known: known).value.image == answer)
        let first = try #require(known.firstIndex(of: true))
        image[first] = 1 - image[first]
        let other = try await compute.conditionalMean(of: image, known: known).value.image
        #expect(zip(known.indices, zip(answer, other)).contains { !known[$0] && $1.0 != $1.1 })
    }

    /// Nothing that one request began is lost by its end.
    @Test func anInterruptedRequestLeavesTheOthersTheirWork() async throws {
        let compute = try compute(recorded: false)
        defer { compute.stop() }
        let (image, known) = example(3)
        var context = WorkContext.unlimited
        context.deadline = .now
        await #expect(throws: ComputeError.self) {
            try await compute.conditionalMean(of: image, known: known, in: context)
        }
        let answer = try await compute.conditionalMean(of: image, known: known).value.image
        #expect(answer.count == Self.dimension)
        #expect(try await compute.meanImage().count == Self.dimension)
    }

    @Test func aCurvatureIsMadeOnceForAll() async throws {
        let one = try compute(threads: 1), three = try compute(threads: 3)
        let expected = try await one.curvature().value
        #expect(expected.allSatisfy { $0 >= 1 && $0.isFinite })
        let tasks = (0..<5).map { _ in Task { try await three.curvature().value } }
        for task in tasks { #expect(try await task.value == expected) }
        one.stop()
        three.stop()
    }
}
