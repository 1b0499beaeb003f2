import Compute
import Fixtures
import Glibc
import NormalizingFlows
import Statistics
import Synchronization
import Testing

@Suite struct ComputeConvolutionTests {
    private let shape = TensorShape(channels: 16, rows: 96, columns: 96)

    private func compute() throws -> Compute {
        let model = try SmallModel(dimension: 16, width: 30).withFile {
            try LoadedModel(contentsOf: $0, precision: .float16)
        }
        return try Compute(model: model, configuration: .init(threads: 2, batch: 8, queue: 64))
    }

    private var image: Tensor {
        Tensor(shape, elements: NormalDistribution.standard.draws(shape.count, from: Philox(seed: 3)))
    }

    private func conditional(
        _ dependence: ConditionalInvertibleConvolution.Dependence
    ) throws -> ConditionalInvertibleConvolution {
        let base = PLUWeight(randomRotationOf: 8, using: Philox(seed: 5))
        let network = ChannelNetwork(
            inputs: 8, hidden: [6], outputs: 72, outputGain: 0.3, using: Philox(seed: 6))
        return try ConditionalInvertibleConvolution(
            base: base, network: network, dependence: dependence)
    }

    @Test func inPiecesItIsTheLayerItself() async throws {
        let compute = try compute(), image = image
        let constant = InvertibleConvolution(PLUWeight(randomRotationOf: 16, using: Philox(seed: 4)))
        let pooled = try conditional(.pooled), perPosition = try conditional(.perPosition)
        let layers: [(ConvolutionRun.Layer, any FlowLayer)] = [
            (.constant(constant), constant), (.conditional(pooled), pooled),
            (.conditional(perPosition), perPosition),
        ]
        for (layer, whole) in layers {
            let forward = try await compute.convolve(image, inverse: false) { layer }.value
            let encoding = whole.encode(image)
            #expect(forward.isDone)
            #expect(forward.output.elements == encoding.output.elements)
            expectClose(forward.logAbsDeterminant, encoding.logAbsDetJacobian[0])
            let backward = try await compute.convolve(image, inverse: true) { layer }.value
            let decoding = whole.decode(image)
            #expect(backward.output.elements == decoding.output.elements)
            expectClose(backward.logAbsDeterminant, decoding.logAbsDetJacobian[0])
        }
        compute.stop()
    }

    /// Sums of 9216 terms of order 1 in another order.
    private func expectClose(_ a: Double, _ b: Double) {
        #expect(abs(a - b) <= 1e-9 * max(1, abs(b)))
    }

    @Test func whoeverLeavesStopsItAtTheNextSlice() async throws {
        let compute = try compute(), image = image, layer = try conditional(.perPosition)
        let hasBegun = Flag(), hasLeft = Flag()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await #expect(throws: CancellationError.self) {
                    try await compute.convolve(image, inverse: false) {
                        hasBegun.raise()
                        while !hasLeft.isRaised {}
                        return .conditional(layer)
                    }
                }
            }
            while !hasBegun.isRaised { await Task.yield() }
            group.cancelAll()
            hasLeft.raise()
            try await group.waitForAll()
        }
        compute.stop()
    }

    @Test func aPassedDeadlineSaysHowFarItCame() async throws {
        let compute = try compute(), image = image, layer = try conditional(.pooled)
        let deadline = ContinuousClock.now + .milliseconds(30)
        do {
            _ = try await compute.convolve(image, inverse: false, in: WorkContext(deadline: deadline)) {
                // The passing of the deadline is what is waited for.
                while case let left = deadline - .now, left > .zero {
                    usleep(UInt32(clamping: left.components.attoseconds / 1_000_000_000_000 + 1))
                }
                return .conditional(layer)
            }
            Issue.record("the deadline has passed before the first piece")
        } catch ComputeError.interrupted(let work) {
            // Under load the work may not even have begun.
            if let partial = work.partial as? ConvolutionRun {
                #expect(partial.positionsDone == 0)
                #expect(partial.positions == 9216)
            }
        }
        compute.stop()
    }
}

/// Something that has happened, seen from every thread.
private final class Flag: Sendable {
    private let value = Atomic(false)
    var isRaised: Bool { value.load(ordering: .sequentiallyConsistent) }
    func raise() { value.store(true, ordering: .sequentiallyConsistent) }
}
