import API
import Glibc
import Streams
import Training

/// What a person is told while a model is trained: a line an epoch on standard error and, on a terminal, one that
/// changes in between.
final class TrainingReport {
    private let run: TrainingRun
    private let line = ProgressLine()
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    /// Images shown since the start of this process, and how many there will be in all.
    private var shown = 0
    private var shownInEpoch = 0
    private var epochStart: ContinuousClock.Instant
    private var lastLine: ContinuousClock.Instant

    init(_ run: TrainingRun) {
        self.run = run
        start = clock.now
        epochStart = start
        lastLine = start
    }

    /// After each step.
    func step() {
        shown += min(run.options.batch, run.split.training.count)
        shownInEpoch += min(run.options.batch, run.split.training.count)
        guard ProgressLine.isWanted, clock.now - lastLine > .milliseconds(200) else { return }
        lastLine = clock.now
        let progress = run.progress
        line.show(
            "epoch \(progress.epoch + 1)/\(run.options.epochs), step \(progress.step)/\(run.steps): "
                + "\(nats(progress.sum / Double(max(progress.images, 1)))), \(speed), \(timeLeft) left")
    }

    /// After each epoch.
    func epoch() {
        guard let point = run.progress.curve.last else { return }
        line.clear()
        var text = "epoch \(point.epoch)/\(run.options.epochs): \(nats(point.training)) training"
        if let validation = point.validation {
            text += ", \(nats(validation)) validation\(run.progress.hasImproved ? ", the best so far" : "")"
        }
        let value = point.validation ?? point.training
        let images = point.validation == nil ? run.split.training : run.split.validation
        text += ", \(decimal(run.bitsPerDimension(value, of: images), 3)) bits per dimension, \(speed)"
        if point.epoch < run.options.epochs { text += ", \(timeLeft) left" }
        complain(text)
        shownInEpoch = 0
        epochStart = clock.now
    }

    func clear() { line.clear() }

    private func nats(_ value: Double) -> String { "\(decimal(value, 1)) nats" }

    private var speed: String {
        let seconds = seconds(clock.now - epochStart)
        return "\(decimal(seconds > 0 ? Double(shownInEpoch) / seconds : 0, 0)) images/s"
    }

    private var timeLeft: String {
        let progress = run.progress
        let left = (run.options.epochs - progress.epoch) * run.steps - progress.step
        let images = Double(left) * Double(min(run.options.batch, run.split.training.count))
        guard shown > 0 else { return "?" }
        let total = Int(min(images * seconds(clock.now - start) / Double(shown), 1e12))
        let (hours, minutes, rest) = (total / 3600, total / 60 % 60, total % 60)
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return "\(hours):\(two(minutes)):\(two(rest))"
    }

    private func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }
}
