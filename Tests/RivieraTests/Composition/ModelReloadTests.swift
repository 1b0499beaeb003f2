import Compute
import Fixtures
import Glibc
import Logging
import Riviera
import Synchronization
import Testing

@Suite struct ModelReloadTests {
    /// A model's file, and a server's models of it.
    private final class Setup: Sendable {
        let folder = "/tmp/riviera-reload-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        let compute: Compute
        let reload: ModelReload
        let log = CollectedLog()
        let isOver = Atomic(false)

        var path: String { "\(folder)/flow.safetensors" }

        init() throws {
            mkdir(folder, 0o700)
            let path = "\(folder)/flow.safetensors"
            try SmallConvolutionalModel(seed: 1).write(to: path)
            try SmallConvolutionalModel(seed: 9).write(to: "\(folder)/other.safetensors")
            let settings = try Settings(flags: ["model.file": "other=\(folder)/other.safetensors,flow=\(path)"])
            let sources = try ModelSource.all(settings), log = log
            compute = try Compute(models: ModelSource.load(sources), configuration: .init(threads: 2))
            reload = ModelReload(sources, in: compute, logger: log.logger)
        }

        /// Puts another model in the file's place, as a reader sees it: at once.
        func replace(by model: SmallConvolutionalModel) throws {
            try model.write(to: "\(path).new")
            rename("\(path).new", path)
        }

        func damage(_ text: String) {
            guard let stream = fopen("\(path).new", "w") else { return }
            fputs(text, stream)
            fclose(stream)
            rename("\(path).new", path)
        }

        func likelihood(_ name: String = "flow") async throws -> Double {
            let image = [Float](repeating: 0.3, count: 16)
            return try await compute.likelihood(of: image, by: compute.models[name]?.model).value.logLikelihood
        }

        deinit {
            compute.stop()
            for name in ["flow.safetensors", "other.safetensors"] { unlink("\(folder)/\(name)") }
            rmdir(folder)
        }
    }

    @Test func aNewFileServesFromThenOnAndTheOthersStay() async throws {
        let setup = try Setup(), before = try await setup.likelihood(), other = try await setup.likelihood("other")
        // The same file leaves the same model, with all that it has made.
        _ = try await setup.compute.digest(of: #require(setup.compute.models["flow"]).model)
        _ = try await setup.compute.digest(of: #require(setup.compute.models["other"]).model)
        let model = setup.compute.models["flow"]?.model
        await setup.reload.reload()
        #expect(setup.compute.models["flow"]?.model === model)
        try setup.replace(by: SmallConvolutionalModel(seed: 2))
        await setup.reload.reload()
        #expect(try await setup.likelihood() != before)
        #expect(try await setup.likelihood("other") == other)
        try setup.replace(by: SmallConvolutionalModel(seed: 1))
        await setup.reload.reload()
        #expect(try await setup.likelihood() == before)
        #expect(setup.log.lines(.error).isEmpty)
    }

    @Test func whatCannotBeServedLeavesTheOldOneAndIsLogged() async throws {
        let setup = try Setup(), before = try await setup.likelihood()
        var count = 0
        func refused() async throws {
            count += 1
            await setup.reload.reload()
            #expect(try await setup.likelihood() == before)
            let line = setup.log.lines(.error).last ?? ""
            #expect(
                setup.log.lines(.error).count == count && line.contains("flow") && line.contains(setup.path), "\(line)")
        }
        for text in ["", "no model", "{}", String(repeating: "\u{1}", count: 100)] {
            setup.damage(text)
            try await refused()
        }
        // A model of images of another size would not be what the server says of itself.
        try setup.replace(by: SmallConvolutionalModel(rows: 6, columns: 4))
        try await refused()
        try setup.replace(by: SmallConvolutionalModel(spread: 1e15))
        try await refused()
        unlink(setup.path)
        try await refused()
        try setup.replace(by: SmallConvolutionalModel(seed: 2))
        await setup.reload.reload()
        #expect(try await setup.likelihood() != before)
    }

    /// Requests that come while files are read get an answer, of the old model or of the new one.
    @Test func noRequestIsLost() async throws {
        let setup = try Setup()
        var allowed: Set<Double> = [try await setup.likelihood()]
        try setup.replace(by: SmallConvolutionalModel(seed: 2))
        await setup.reload.reload()
        allowed.insert(try await setup.likelihood())
        let seen = try await withThrowingTaskGroup(of: Set<Double>.self) { group in
            for _ in 0..<3 {
                group.addTask {
                    var seen: Set<Double> = []
                    repeat { seen.insert(try await setup.likelihood()) } while !setup.isOver.load(ordering: .relaxed)
                    return seen
                }
            }
            for round in 0..<10 {
                try setup.replace(by: SmallConvolutionalModel(seed: round % 2 == 0 ? 1 : 2))
                await setup.reload.reload()
            }
            setup.isOver.store(true, ordering: .relaxed)
            return try await group.reduce(into: Set()) { $0.formUnion($1) }
        }
        #expect(seen.isSubset(of: allowed) && !seen.isEmpty && setup.log.lines(.error).isEmpty)
    }

    /// Twice in a row is once more afterwards, not twice at a time.
    @Test func beginningReturnsAtOnceAndReadsThemAll() async throws {
        let setup = try Setup(), before = try await setup.likelihood()
        try setup.replace(by: SmallConvolutionalModel(seed: 2))
        for _ in 0..<5 { setup.reload.begin() }
        while try await setup.likelihood() == before { await Task.yield() }
    }
}
