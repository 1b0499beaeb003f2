/// Why training cannot go on, in one line that says what to do.
public enum TrainingError: Error, Sendable, CustomStringConvertible {
    /// The log-likelihood of an image, or the gradient's norm, is not a number.
    case notFinite(epoch: Int, step: Int)
    /// A checkpoint of another run. The reason is a clause.
    case otherRun(file: String, reason: String)

    public var description: String {
        switch self {
        case .notFinite(let epoch, let step):
            "training left the range of numbers in epoch \(epoch + 1), step \(step + 1): start again with a smaller "
                + "--learning-rate, a longer --warm-up or a smaller --clip"
        case .otherRun(let file, let reason):
            "\(file): \(reason); give the options that it was started with, or leave --resume out"
        }
    }
}
