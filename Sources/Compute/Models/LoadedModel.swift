import NormalizingFlows
import Synchronization

/// A model in memory together with the file that it came from.
public final class LoadedModel: Sendable {
    public let flow: any FlowModel
    /// What replies call it: the name that it was given, else the file's metadata `name`, else the file's name.
    public let name: String
    /// The file's last path component.
    public let file: String
    /// The file's metadata.
    public let metadata: [String: String]
    private let checkpoint: Checkpoint
    private let digest = Mutex<String?>(nil)
    /// The mean and covariance of its images.
    let statistics: ModelStatistics
    /// The masks that were used last.
    let conditionals = ConditionalGaussianCache()

    init(flow: any FlowModel, name: String, checkpoint: Checkpoint) {
        self.flow = flow
        self.name = name
        self.checkpoint = checkpoint
        metadata = checkpoint.metadata
        file = checkpoint.file.path.lastPathComponent
        statistics = ModelStatistics(of: flow)
    }

    /// The SHA-256 of the file that was loaded, in hexadecimal, computed at the first call and
    /// kept. Blocks for as long as reading the file takes: call it on a compute thread.
    public func sha256() -> String {
        digest.withLock { digest in
            if let digest { return digest }
            let computed = checkpoint.file.bytes.withUnsafeBytes { SHA256.hexadecimal(of: $0) }
            checkpoint.file.releasePages()
            digest = computed
            return computed
        }
    }

    /// Compares the file's contents with their checksums, where its format has some. Blocks for as long
    /// as reading the file takes: call it on a compute thread.
    ///
    /// - Throws: `CheckpointError` where the file is damaged.
    func verify() throws(CheckpointError) {
        try checkpoint.verify()
        checkpoint.file.releasePages()
    }

    /// The SHA-256 of a file as it is now, in hexadecimal. Blocks for as long as reading it takes.
    ///
    /// - Throws: `CheckpointError` where the file cannot be read.
    public static func sha256(ofFile path: String) throws(CheckpointError) -> String {
        try MappedFile(path).bytes.withUnsafeBytes { SHA256.hexadecimal(of: $0) }
    }

    /// The digest if it has been computed already.
    public var knownSHA256: String? { digest.withLock { $0 } }
}

extension String {
    /// What follows the last slash.
    var lastPathComponent: String { String(split(separator: "/").last ?? self[...]) }
}
