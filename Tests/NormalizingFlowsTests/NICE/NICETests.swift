import Fixtures
import LinearAlgebra
import NormalizingFlows
import Statistics
import Testing

@Suite struct NICETests {
    static let models = [
        SmallModel(),
        SmallModel(dimension: 2, couplings: 1, hiddenLayers: 1, width: 1, seed: 2),
        SmallModel(dimension: 10, couplings: 3, hiddenLayers: 3, width: 40, seed: 3),
        SmallModel(dimension: 64, couplings: 4, hiddenLayers: 5, width: 70, seed: 4),
        SmallModel(dimension: 80, couplings: 4, hiddenLayers: 3, width: 200, hiddenBias: -1, seed: 5),
    ]

    static func image(_ dimension: Int, stream: UInt64) -> [Float] {
        UniformDistribution.standard.draws(dimension, from: Philox(seed: 5, stream: stream))
            .map { Float($0) }
    }

    private func load(_ model: SmallModel, _ precision: Precision) throws -> NICE {
        try model.withFile { try NICE(Checkpoint(contentsOf: $0), precision: precision) }
    }

    @Test(arguments: models, Precision.allCases)
    func agreesWithThePlainModelInDoublePrecision(small: SmallModel, precision: Precision) throws {
        let nice = try load(small, precision)
        let reference = ReferenceNICE(small), workspace = nice.makeWorkspace()
        for stream in 0..<5 {
            let x = Self.image(small.dimension, stream: UInt64(stream))
            nice.evaluate(x, in: workspace)
            let exact = x.map(Double.init)
            let scale = reference.encode(exact).reduce(1) { $0 + abs($1) }
            #expect(abs(workspace.logProbability - reference.logProbability(exact)) < 2e-6 * scale)
            for (z, expected) in zip(workspace.latent, reference.encode(exact)) {
                #expect(abs(Double(z) - expected) < 1e-5 * (1 + abs(expected)))
            }
        }
    }

    @Test(arguments: models, Precision.allCases)
    func gradientIsTheSlopeOfTheLogLikelihood(small: SmallModel, precision: Precision) throws {
        let nice = try load(small, precision)
        let workspace = nice.makeWorkspace()
        for stream in 0..<3 {
            let x = Self.image(small.dimension, stream: UInt64(stream))
            nice.differentiate(x, in: workspace)
            let expected = ReferenceNICE(small).gradient(x.map(Double.init))
            let norm = expected.reduce(1e-3) { $0 + abs($1) }
            for (slope, exact) in zip(workspace.gradient, expected) {
                #expect(abs(Double(slope) - exact) < 1e-4 * norm)
            }
        }
    }

    @Test(arguments: models)
    func logDeterminantIsThatOfTheNumericJacobian(small: SmallModel) throws {
        let nice = try load(small, .float32)
        let reference = ReferenceNICE(small)
        let x = Self.image(small.dimension, stream: 9).map(Double.init), step = 1e-5
        let columns = x.indices.map { k in
            var up = x, down = x
            up[k] += step
            down[k] -= step
            return zip(reference.encode(up), reference.encode(down)).map { ($0 - $1) / (2 * step) }
        }
        #expect(abs(nice.logAbsDetJacobian - logAbsDeterminant(columns)) < 1e-5 * Double(x.count))
    }

    @Test(arguments: models, Precision.allCases)
    func decodeInvertsEncode(small: SmallModel, precision: Precision) throws {
        let nice = try load(small, precision)
        let workspace = nice.makeWorkspace()
        for stream in 0..<5 {
            let x = Self.image(small.dimension, stream: UInt64(stream))
            nice.evaluate(x, in: workspace)
            for (pixel, back) in try zip(x, nice.decode(workspace.latent, in: workspace)) {
                #expect(abs(pixel - back) < 2e-5 * Float(small.width))
            }
        }
    }

    @Test func farOutTheLogLikelihoodIsStillANumber() throws {
        let small = SmallModel(), nice = try load(small, .float32)
        let workspace = nice.makeWorkspace()
        for value: Float in [-1e6, -1e3, 1e3, 1e6] {
            let x = [Float](repeating: value, count: small.dimension)
            nice.differentiate(x, in: workspace)
            let expected = ReferenceNICE(small).logProbability(x.map(Double.init))
            #expect(abs(workspace.logProbability - expected) < 1e-5 * abs(expected))
            let isFinite = workspace.gradient.allSatisfy(\.isFinite)
            #expect(isFinite)
        }
    }

    /// A workspace remembers which units stay inactive: that changes no bit, wherever the image goes.
    @Test(arguments: models, Precision.allCases)
    func whatAWorkspaceRemembersChangesNothing(small: SmallModel, precision: Precision) throws {
        let nice = try load(small, precision)
        let used = nice.makeWorkspace()
        var x = Self.image(small.dimension, stream: 1)
        for step in 0..<60 {
            let size: Float = step % 20 == 19 ? 1 : step % 3 == 0 ? 0 : 0.002
            let change = Self.image(small.dimension, stream: UInt64(10 + step))
            x = zip(x, change).map { $0 + size * ($1 - 0.5) }
            if step % 7 == 5 { _ = try nice.decode(x, in: used) }
            let fresh = nice.makeWorkspace()
            for workspace in [used, fresh] {
                if step % 5 == 4 {
                    nice.evaluate(x, in: workspace)
                } else {
                    nice.differentiate(x, in: workspace)
                    #expect(workspace.gradient.contains { $0 != 0 })
                }
            }
            #expect(used.logProbability == fresh.logProbability)
            #expect(used.latent == fresh.latent)
            if step % 5 != 4 { #expect(used.gradient == fresh.gradient) }
            #expect(
                nice.weightBytes(in: used, gradient: true) <= nice.weightBytes(in: fresh, gradient: true))
        }
    }

    @Test func whatStaysInactiveIsNotComputedAgain() throws {
        let nice = try load(Self.models[4], .float16), workspace = nice.makeWorkspace()
        var x = Self.image(nice.dimension, stream: 1)
        nice.differentiate(x, in: workspace)
        let first = nice.weightBytes(in: workspace, gradient: true)
        x[0] += 1e-4
        nice.differentiate(x, in: workspace)
        #expect(nice.weightBytes(in: workspace, gradient: true) < first * 3 / 4)
    }

    /// An image may be loaded and never evaluated: what was known before it counts no more.
    @Test func anImageThatIsNotEvaluatedLeavesNoTrace() throws {
        let nice = try load(Self.models[4], .float16), used = nice.makeWorkspace()
        for stream in 0..<20 {
            nice.evaluate(Self.image(nice.dimension, stream: UInt64(stream)), in: used)
            used.load(Self.image(nice.dimension, stream: 100))
            let x = Self.image(nice.dimension, stream: UInt64(200 + stream)), fresh = nice.makeWorkspace()
            nice.evaluate(x, in: used)
            nice.evaluate(x, in: fresh)
            #expect(used.latent == fresh.latent)
        }
    }

    @Test func aWorkspaceServesItsOwnModelOnly() throws {
        let one = try load(Self.models[0], .float16), other = try load(Self.models[0], .float16)
        #expect(one.makeWorkspace().fits(one))
        #expect(!one.makeWorkspace().fits(other))
    }

    @Test(arguments: models, 2...SparseVector.segments)
    func aTeamOfAnySizeGivesTheSameBits(small: SmallModel, members: Int) throws {
        let nice = try load(small, .float16)
        let x = Self.image(small.dimension, stream: 3)
        let alone = nice.makeWorkspace()
        nice.differentiate(x, in: alone)
        // As the compute threads do: one loads the image, then all evaluate it.
        let shared = SharedWorkspace(nice.makeWorkspace()), team = ThreadTeam()
        shared.workspace.load(x)
        runTogether(members) { index in
            nice.differentiate(shared.workspace, by: ThreadTeam.Member(index, of: members, in: team))
        }
        #expect(shared.workspace.logProbability == alone.logProbability)
        #expect(shared.workspace.gradient == alone.gradient)
        #expect(shared.workspace.latent == alone.latent)
    }

    /// Unchecked: its members touch their own shares, between two points where all meet.
    private struct SharedWorkspace: @unchecked Sendable {
        let workspace: NICEWorkspace
        init(_ workspace: NICEWorkspace) { self.workspace = workspace }
    }

    @Test func samplesAreAPureFunctionOfSeedAndIndex() throws {
        let nice = try load(SmallModel(), .float16), workspace = nice.makeWorkspace()
        let forward = try (0..<4).map {
            try nice.sample($0, temperature: 1, in: workspace, using: Philox(seed: 3))
        }
        let backward = try (0..<4).reversed().map {
            try nice.sample($0, temperature: 1, in: workspace, using: Philox(seed: 3))
        }
        #expect(forward == backward.reversed())
        #expect(forward[0] != forward[1])
        let allInRange = forward.joined().allSatisfy { $0 >= 0 && $0 <= 1 }
        #expect(allInRange)
    }

    @Test func aModelWithANumberThatIsNoneIsRefusedByName() throws {
        var small = SmallModel()
        small = small.replacing("coupling.1.out_block.weight", at: 3, with: .infinity)
        #expect {
            _ = try load(small, .float32)
        } throws: { error in
            "\(error)".contains("coupling.1.out_block.weight") && "\(error)".contains("element [0, 3] is inf")
        }
    }

    /// Either half may be the first to move; the tensors are the same.
    @Test(arguments: models, PixelParity.allCases)
    func whicheverHalfMovesFirst(small: SmallModel, parity: PixelParity) throws {
        let nice = try small.withFile {
            try NICE(Checkpoint(contentsOf: $0), precision: .float32, firstTransformed: parity)
        }
        let reference = ReferenceNICE(small, firstTransformed: parity), workspace = nice.makeWorkspace()
        let x = Self.image(small.dimension, stream: 2), expected = reference.encode(x.map(Double.init))
        nice.evaluate(x, in: workspace)
        for (z, exact) in zip(workspace.latent, expected) { #expect(abs(Double(z) - exact) < 1e-5 * (1 + abs(exact))) }
        for (pixel, back) in try zip(x, nice.decode(workspace.latent, in: workspace)) {
            #expect(abs(pixel - back) < 2e-5 * Float(small.width))
        }
    }
}
