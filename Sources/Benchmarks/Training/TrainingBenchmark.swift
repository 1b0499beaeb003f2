import API
import LinearAlgebra
import NormalizingFlows
import Statistics
import Streams
import Training

/// Training steps beside PyTorch's of the same network, and the matrix products that bound them, alternately:
/// other work on the machine then slows both.
package final class TrainingBenchmark {
    package struct Row {
        package let name: String
        /// More is better.
        package let ours: Double
        package let peers: Double?
    }

    private let run: TrainingRun
    private let pool: ThreadPool
    private let peer: Peer?
    private let rounds: Int

    /// - Parameters:
    ///   - weights: a model's file, whose architecture is trained and from which the second row starts.
    ///   - peer: as `peerArguments` say, or nil.
    /// - Throws: `CheckpointError`, `OutOfMemory`, `ThreadError`, `NonFiniteValue`.
    package init(weights: String, batch: Int, rounds: Int, threads: Int, python: String?) throws {
        let checkpoint = try Checkpoint(contentsOf: weights)
        let model = try NICE(checkpoint, precision: .float32), architecture = model.architecture
        pool = try ThreadPool(threads: threads)
        var options = TrainingOptions()
        options.batch = batch
        options.validation = 0
        options.learningRate = 1e-6
        run = try TrainingRun(
            try TrainableNICE(architecture, batchCapacity: batch), on: try Self.draws(of: model, 4 * batch),
            options: options, pool: pool)
        self.rounds = rounds
        self.weights = weights
        var peer: Peer?
        if let python {
            do throws(FileError) {
                peer = try Peer(
                    python: python, script: Self.peerScript,
                    arguments: [
                        architecture.dimension, architecture.couplings, architecture.hiddenLayers, architecture.width,
                        batch, threads,
                    ].map(String.init))
            } catch {
                complain("\(error); PyTorch's column stays empty")
            }
        }
        self.peer = peer
    }

    private let weights: String
    package var peerVersion: String? { peer?.version }
    private static var peerScript: String { String(decoding: PackageResources.training_torch_py, as: UTF8.self) }

    /// Images that the model draws: as many of its units are active for them as for those it learned from.
    private static func draws(of model: NICE, _ count: Int) throws -> ImageSet {
        let workspace = try model.makeWorkspace()
        var bytes: [UInt8] = []
        for index in 0..<count {
            let image = try model.sample(UInt64(index), temperature: 1, in: workspace, using: Philox(seed: 1))
            bytes += image.map { UInt8((min(max($0, 0), 1) * 255).rounded()) }
        }
        return ImageSet(rows: 1, columns: model.dimension, bytes: bytes)
    }

    /// Images a second of a step from random weights, then from those of the file.
    package func steps() throws -> [Row] {
        let fresh = try step("from random weights")
        try run.readModel(from: weights)
        return [fresh, try step("from trained weights")]
    }

    private func step(_ name: String) throws -> Row {
        let batch = Double(run.options.batch)
        // The first steps touch memory that has not been used yet.
        try advance(2)
        let (ours, peers) = try alternate {
            try self.advance(3)
        } peer: {
            try $0.seconds(of: "steps", 3)
        }
        return Row(
            name: "training step of \(run.options.batch) images \(name), images/s", ours: batch / ours,
            peers: peers.map { batch / $0 })
    }

    /// Seconds a step, of some steps.
    @discardableResult
    private func advance(_ count: Int) throws -> Double {
        let clock = ContinuousClock(), start = clock.now
        for _ in 0..<count {
            try run.advance()
            if run.progress.step == run.steps { run.endEpoch() }
        }
        return seconds(clock.now - start) / Double(count)
    }

    /// 10⁹ multiplications and additions a second of a hidden layer's product, all its units active.
    package func product() throws -> Row {
        guard let nice = run.flow as? TrainableNICE else { preconditionFailure("it was made as one") }
        let rows = run.options.batch, width = nice.architecture.width
        let storage = Storage()
        let a = try storage.make(Float.self, count: rows * width), c = try storage.make(Float.self, count: rows * width)
        let b = try storage.make(Float.self, count: width * width)
        for i in 0..<rows * width { a[i] = Float(i % 17) - 8 }
        for i in 0..<width * width { b[i] = Float(i % 13) - 6 }
        let product = MatrixProduct(
            MatrixView(a, stride: width), MatrixView(b, stride: width), into: c, stride: width, rows: rows,
            columns: width, depth: width)
        let operations = 2e-9 * Double(rows) * Double(width) * Double(width)
        let (ours, peers) = try alternate {
            let clock = ContinuousClock()
            return (0..<20).map { _ in
                let start = clock.now
                self.pool.forEach(product.panels) { product.multiply(panel: $0) }
                return self.seconds(clock.now - start)
            }.min() ?? 0
        } peer: {
            try $0.least(of: "product", 20)
        }
        return Row(
            name: "\(rows)×\(width) by \(width)×\(width), 10⁹ operations/s", ours: operations / ours,
            peers: peers.map { operations / $0 })
    }

    /// The least of each, in turns.
    private func alternate(
        _ ours: () throws -> Double, peer theirs: (Peer) throws -> Double
    ) throws -> (Double, Double?) {
        var least = Double.infinity, leastOfPeer: Double?
        for _ in 0..<rounds {
            least = min(least, try ours())
            if let peer { leastOfPeer = min(leastOfPeer ?? .infinity, try theirs(peer)) }
        }
        return (least, leastOfPeer)
    }

    private func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }

    package static func table(_ rows: [Row], threads: Int, peer version: String?) -> MarkdownTable {
        var table = MarkdownTable(columns: [
            "\(threads) \(threads == 1 ? "thread" : "threads") each", "Riviera", "PyTorch \(version ?? "–")", "ratio",
        ])
        for row in rows {
            table.append([
                row.name, row.ours.threeDigits, row.peers?.threeDigits ?? "",
                row.peers.map { (row.ours / $0).threeDigits + "×" } ?? "",
            ])
        }
        return table
    }
}

extension Peer {
    fileprivate func seconds(of what: String, _ count: Int) throws(FileError) -> Double {
        try ask(.object([("what", .string(what)), ("count", .integer(count))])).seconds
    }

    fileprivate func least(of what: String, _ count: Int) throws(FileError) -> Double {
        try ask(.object([("what", .string(what)), ("count", .integer(count))])).least
    }
}
