import API
import LinearAlgebra
import NormalizingFlows
import Statistics
import Streams
import Synchronization
import Training

/// A flow of invertible convolutions beside PyTorch's of the same weights, alternately: log p and its gradient with
/// respect to the pixels, draws of a hole's missing pixels, training steps.
package final class FlowBenchmark {
    package struct Row {
        package let name: String
        /// Milliseconds.
        package let ours: Double
        package let peers: Double?
    }

    private let model: ConvolutionalModel
    private let file: String
    private let pool: ThreadPool
    private let peer: Peer?
    private let rounds: Int
    private var architecture: ConvolutionalArchitecture { model.architecture }
    private let images: [Float]
    private let hole: [Float]

    /// Images a training step.
    private static let batch = 128
    private static let draws = 64
    /// Images that a thread takes at once.
    private static let group = 8

    /// - Parameter file: the weights.
    /// - Throws: `CheckpointError`, `ThreadError`.
    package init(file: String, rounds: Int, threads: Int, python: String?) throws {
        self.file = file
        self.rounds = rounds
        let checkpoint = try Checkpoint(contentsOf: file)
        model = try ConvolutionalModel(checkpoint)
        let architecture = model.architecture
        pool = try ThreadPool(threads: threads)
        images = UniformDistribution(lower: 0.02, upper: 0.98).draws(
            Self.batch * architecture.dimension, from: Philox(seed: 1)
        ).map { Float($0) }
        // The middle quarter of the image.
        let rows = architecture.rows, columns = architecture.columns
        hole = (0..<architecture.dimension).map { k in
            let i = k / columns % rows, j = k % columns
            return (rows / 4..<rows - rows / 4).contains(i) && (columns / 4..<columns - columns / 4).contains(j) ? 1 : 0
        }
        var peer: Peer?
        if let python {
            let permutations = JSON.array(architecture.permutations.map { .array($0.map { .integer($0) }) })
            do throws(FileError) {
                peer = try Peer(
                    python: python, script: String(decoding: PackageResources.flow_torch_py, as: UTF8.self),
                    arguments: [
                        file, String(decoding: JSONWriter.write(permutations, .line), as: UTF8.self), "\(threads)",
                    ])
            } catch {
                complain("\(error); PyTorch's column stays empty")
            }
        }
        self.peer = peer
    }

    package var peerVersion: String? { peer?.version }

    /// What there is to time of such a model.
    package func rows() throws -> [Row] {
        guard architecture.conditioner == nil else { return [try timeDraws(), try bound(), try timeTraining()] }
        return [try timeGradient(of: 1), try timeGradient(of: 32), try timeTraining()]
    }

    private func timeGradient(of count: Int) throws -> Row {
        let passes = try (0..<(count + Self.group - 1) / Self.group).map { _ in
            try ConvolutionalPass(architecture, capacity: min(count, Self.group), differentiates: true)
        }
        var values = [Double](repeating: 0, count: count)
        let storage = Storage(), dimension = architecture.dimension
        let slopes = try storage.make(Float.self, count: count * dimension)
        let results = try storage.make(Double.self, count: count)
        let (ours, peers) = try alternate("gradient", count) {
            self.images.withUnsafeBufferPointer { images in
                guard let start = images.baseAddress else { return }
                self.pool.forEach(passes.count) { group in
                    let first = group * Self.group, size = min(Self.group, count - first)
                    passes[group].evaluate(
                        start + first * dimension, missing: nil, count: size, parameters: self.model.parameters,
                        into: results + first)
                    passes[group].backPropagate(
                        count: size, weight: 1, parameters: self.model.parameters, gradient: nil,
                        inputSlopes: slopes + first * dimension)
                }
            }
        } check: { likelihoods in
            for (k, likelihood) in likelihoods.enumerated() where k < count { values[k] = likelihood }
            return zip(values, 0..<count).allSatisfy { abs($0 - results[$1]) <= 1e-3 * max(1, abs($0)) }
        }
        return Row(
            name: "log p and its gradient, \(count) \(count == 1 ? "image" : "images"), ms", ours: ours, peers: peers)
    }

    private func timeDraws() throws -> Row {
        let passes = Mutex(try (0..<pool.threads).map { _ in try ConditionalDrawPass(of: model) })
        let image = Array(images[..<architecture.dimension]), known = hole.map { $0 == 0 }
        let (ours, peers) = try alternate("draws", 1) {
            var run = ConditionalDrawRun(self.model, image: image, known: known, samples: Self.draws, seed: 1)
            while !run.isOver {
                var pieces: [ConditionalDrawRun.Piece] = []
                while let piece = run.take() { pieces.append(piece) }
                let made = Mutex<[ConditionalDrawRun.Made]>([]), now = run
                self.pool.forEach(pieces.count) { index in
                    guard let pass = passes.withLock({ $0.popLast() }) else { return }
                    if let piece = try? pass.make(pieces[index], of: now) { made.withLock { $0.append(piece) } }
                    passes.withLock { $0.append(pass) }
                }
                for piece in made.withLock({ $0 }) { run.put(piece) }
                guard !pieces.isEmpty, run.count > 0 || made.withLock({ $0.count }) == pieces.count else { return }
            }
        }
        return Row(name: "\(Self.draws) draws of a hole's pixels, ms", ours: ours, peers: peers)
    }

    /// What the matrix products of the draws alone would take, at the speed of one such product.
    private func bound() throws -> Row {
        let rows = Self.group * architecture.positions, hidden = architecture.hidden
        let columns = architecture.outputs * architecture.moved, storage = Storage()
        let a = try storage.make(Float.self, count: rows * hidden),
            b = try storage.make(Float.self, count: hidden * columns)
        let c = try storage.make(Float.self, count: rows * columns)
        for k in 0..<rows * hidden { a[k] = Float(k % 17) - 8 }
        for k in 0..<hidden * columns { b[k] = Float(k % 13) - 6 }
        let product = MatrixProduct(
            MatrixView(a, stride: hidden), MatrixView(b, stride: columns), into: c, stride: columns, rows: rows,
            columns: columns, depth: hidden)
        var least = Double.infinity
        for _ in 0..<200 {
            let start = ContinuousClock.now
            for panel in 0..<product.panels { product.multiply(panel: panel) }
            least = min(least, milliseconds(ContinuousClock.now - start))
        }
        let perOperation = least / Double(rows * hidden * columns) / Double(pool.threads)
        return Row(
            name: "their matrix products at that product's speed, ms", ours: perOperation * operations, peers: nil)
    }

    /// Multiplications of 64 draws, with those of the conditioner once.
    private var operations: Double {
        let hidden = architecture.hidden, taps = architecture.taps, features = architecture.features
        let outTaps = architecture.coupling == .affine ? taps : 1
        let step =
            taps * architecture.kept * hidden + hidden * hidden + hidden * outTaps * architecture.outputs
            * architecture.moved
        let block = (taps + 1) * features * features
        return Double(architecture.positions)
            * (Double(Self.draws * architecture.steps * step) + Double((architecture.conditioner?.blocks ?? 0) * block)
                + Double(taps * 2 * architecture.depth * features + architecture.steps * features * hidden))
    }

    private func timeTraining() throws -> Row {
        var options = TrainingOptions()
        options.batch = Self.batch
        options.validation = 0
        options.learningRate = 1e-6
        let flow = try TrainableConvolutional(architecture, batchCapacity: Self.batch, threads: pool.threads)
        let run = try TrainingRun(
            flow,
            on: ImageSet(
                rows: architecture.rows, columns: architecture.columns, bytes: images.map { UInt8($0 * 255) }),
            options: options, pool: pool)
        try run.readModel(from: file)
        let (ours, peers) = try alternate("steps", Self.batch) {
            try run.advance()
            if run.progress.step == run.steps { run.endEpoch() }
        }
        return Row(name: "a training step of \(Self.batch) images, ms", ours: ours, peers: peers)
    }

    /// The least of each in milliseconds, in turns.
    ///
    /// - Parameter check: gets the peer's log-likelihoods; whether they are these.
    private func alternate(
        _ what: String, _ count: Int, _ ours: () throws -> Void, check: ([Double]) -> Bool = { _ in true }
    ) throws -> (Double, Double?) {
        var least = Double.infinity, leastOfPeer: Double?
        var question: [(name: String, value: JSON)] = [
            ("what", .string(what)), ("repeat", .integer(3)), ("draws", .integer(Self.draws)),
            ("images", .numbers(images[..<(count * architecture.dimension)].map { Double($0) })),
        ]
        if architecture.conditioner != nil {
            let holes = (0..<count).flatMap { _ in hole.map { Double($0) } }
            question.append(("missing", .numbers(holes)))
        }
        for _ in 0..<rounds {
            for _ in 0..<4 {
                let start = ContinuousClock.now
                try ours()
                least = min(least, milliseconds(ContinuousClock.now - start))
            }
            if let peer {
                let answer = try peer.ask(.object(question))
                leastOfPeer = min(leastOfPeer ?? .infinity, answer.least * 1e3)
                if !check(answer.likelihoods) { complain("PyTorch's log-likelihoods are others: \(what) of \(count)") }
            }
        }
        return (least, leastOfPeer)
    }

    private func milliseconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) * 1e3 + Double(duration.components.attoseconds) * 1e-15
    }

    package static func table(
        _ rows: [(model: String, row: Row)], threads: Int, peer version: String?
    ) -> MarkdownTable {
        var table = MarkdownTable(columns: [
            "\(threads) \(threads == 1 ? "thread" : "threads") each", "Riviera", "PyTorch \(version ?? "–")", "ratio",
        ])
        for (model, row) in rows {
            table.append([
                "\(model): \(row.name)", row.ours.threeDigits, row.peers?.threeDigits ?? "",
                row.peers.map { ($0 / row.ours).threeDigits + "×" } ?? "",
            ])
        }
        return table
    }
}
