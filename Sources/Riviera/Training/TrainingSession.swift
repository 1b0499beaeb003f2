import API
import Glibc
import LinearAlgebra
import NormalizingFlows
import Streams
import Training

/// A run of training with its files: the model, its checkpoint, its learning curve.
struct TrainingSession {
    let run: TrainingRun
    /// The model's file. It holds the best epoch's weights from the first epoch on.
    let output: String
    let precision: Precision
    /// What the model's file says beside what the run knows.
    let metadata: [String: String]
    /// What a checkpoint must agree with.
    let identity: [String: String]
    let test: ImageSet?

    var checkpoint: String { "\(output).checkpoint" }
    var curve: String {
        let name = output.hasSuffix(".safetensors") ? String(output.dropLast(".safetensors".count)) : output
        return "\(name).svg"
    }

    /// Trains to the end, or until a signal asks to stop.
    ///
    /// - Returns: the signal, or 0 at the end.
    func train(resuming: Bool) throws -> Int32 {
        // Written to nobody: what cannot be written is told before the first epoch, not after it.
        for path in [output, checkpoint] { _ = try SafeTensorsWriter(path, tensors: []) }
        if resuming { try run.resume(from: checkpoint, identity: identity) }
        let report = TrainingReport(run)
        defer { report.clear() }
        while !run.isOver {
            while run.progress.step < run.steps {
                try run.advance()
                report.step()
                if StopRequest.signal != 0 {
                    try run.writeCheckpoint(to: checkpoint, identity: identity)
                    return StopRequest.signal
                }
            }
            run.endEpoch()
            report.epoch()
            if run.progress.hasImproved {
                try run.writeModel(to: output, precision: precision, metadata: described([:]))
            }
            try writeFile(Array(figure.svg().utf8), curve)
            try run.writeCheckpoint(to: checkpoint, identity: identity)
        }
        return 0
    }

    /// Evaluates the best epoch's weights as they are in the file, records what comes out in it, and removes the
    /// checkpoint.
    ///
    /// - Returns: the sentence for standard output.
    func finish() throws -> String {
        try run.readModel(from: output)
        let split = run.split
        var found = [("training", run.meanLogLikelihood(of: split.training), split.training)]
        if !split.validation.isEmpty {
            found.append(("validation", run.meanLogLikelihood(of: split.validation), split.validation))
        }
        if let test { found.append(("test", run.meanLogLikelihood(of: test), Array(0..<test.count))) }
        var recorded: [String: String] = [:]
        for (name, value, _) in found { recorded["\(name)_log_likelihood"] = "\(value)" }
        try run.writeModel(to: output, precision: precision, metadata: described(recorded))
        // What cannot be served is told now.
        let written = try Checkpoint(contentsOf: output)
        if ConvolutionalArchitecture.describes(written) {
            _ = try ConvolutionalModel(written)
        } else {
            _ = try NICE(written, precision: precision)
        }
        unlink(checkpoint)
        let values = found.map { name, value, images in
            "\(decimal(value, 1)) nats (\(decimal(run.bitsPerDimension(value, of: images), 3)) bits per "
                + "dimension) on \(name) images"
        }
        return "\(output): epoch \(run.progress.best?.epoch ?? 0), \(values.joined(separator: ", "))\n"
    }

    private func described(_ more: [String: String]) -> [String: String] { metadata.merging(more) { $1 } }

    private var figure: LearningCurveFigure {
        let curve = run.progress.curve
        return LearningCurveFigure(
            title: "Learning curve of \(metadata["name"] ?? output)",
            curves: [.init(name: "training", values: curve.map(\.training))]
                + (run.split.validation.isEmpty
                    ? [] : [.init(name: "validation", values: curve.map(\.validation))]))
    }
}
