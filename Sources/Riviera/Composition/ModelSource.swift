import Compute
import Dispatch
import NormalizingFlows
import LinearAlgebra
import Streams
import Synchronization

/// Where a model that the settings name comes from, and how it is read.
package struct ModelSource: Sendable {
    /// What requests call it; nil for what its file records.
    let name: String?
    let file: String
    /// The weights of a smoother model, which draws of missing pixels are made from.
    let smooth: String?
    /// nil for what its file records.
    let purpose: String?
    /// Whether replies call it what its file records, whatever requests do.
    let keepsRecordedName: Bool
    private let precision: Precision
    private let firstTransformed: PixelParity?

    /// Those that the settings name, else those that come with the program; the default first.
    ///
    /// - Throws: `FileError` where the program was copied without its weights.
    package static func all(_ settings: Settings) throws(FileError) -> [ModelSource] {
        guard let given = settings.strings(ifSet: "model.file") else {
            var sources: [ModelSource] = []
            for (index, model) in BundledModel.all.enumerated()
            where index == 0 || BundledFiles.hasWeights(model.file) {
                sources.append(try ModelSource(model, settings))
            }
            return sources
        }
        var sources: [ModelSource] = []
        for text in given {
            if let model = BundledModel.all.first(where: { $0.name == text }) {
                sources.append(try ModelSource(model, settings))
            } else {
                let source = ModelSource(text, settings)
                guard !source.file.isEmpty else {
                    throw FileError("--model", "“\(text)” names no file: write NAME=FILE, or a FILE alone")
                }
                sources.append(source)
            }
        }
        return sources
    }

    private init(_ model: BundledModel, _ settings: Settings) throws(FileError) {
        name = model.name
        file = try BundledFiles.weights(model.file)
        smooth = try model.smooth.map { name throws(FileError) in try BundledFiles.weights(name) }
        purpose = model.purpose
        keepsRecordedName = model.smooth != nil
        precision = settings.precision
        firstTransformed = settings.firstTransformed
    }

    /// - Parameter text: FILE, or NAME=FILE.
    private init(_ text: String, _ settings: Settings) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let isNamed = parts.count == 2 && Self.isName(parts[0])
        name = isNamed ? String(parts[0]) : nil
        file = isNamed ? String(parts[1]) : text
        smooth = nil
        purpose = nil
        keepsRecordedName = false
        precision = settings.precision
        firstTransformed = settings.firstTransformed
    }

    /// Letters, digits, dots, underscores and hyphens: no path that has a folder.
    private static func isName(_ text: Substring) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "._-".utf8.contains(byte)
                }
            }
    }

    /// Reads the files.
    ///
    /// - Parameter known: what requests have called the model so far; nil where it is read for the first time.
    /// - Throws: `CheckpointError` or `FileError` that names the file which cannot be served.
    func load(as known: String? = nil) throws -> ServedModel {
        try AddressSpace.require(for: file)
        let model = try LoadedModel(
            contentsOf: file, named: keepsRecordedName ? nil : name, precision: precision,
            firstTransformed: firstTransformed)
        let smooth = try smooth.map { try LoadedModel(contentsOf: $0, precision: precision) }
        if let smooth, let path = self.smooth, smooth.flow.dimension != model.flow.dimension {
            throw FileError(path, "is a model of other images than \(file)")
        }
        return ServedModel(
            known ?? name ?? model.name, model, purpose: purpose ?? model.recordedPurpose, smooth: smooth)
    }

    /// The SHA-256 of each of its files as they are now.
    ///
    /// - Throws: `CheckpointError` that names the file which cannot be read.
    func digests() throws(CheckpointError) -> [String] {
        var digests = [try LoadedModel.sha256(ofFile: file)]
        if let smooth { digests.append(try LoadedModel.sha256(ofFile: smooth)) }
        return digests
    }

    /// All of them, read on all cores.
    ///
    /// - Throws: also `SettingError` for two of one name.
    package static func load(_ sources: [ModelSource]) throws -> [ServedModel] {
        let results = Mutex<[Int: Result<ServedModel, any Error>]>([:])
        DispatchQueue.concurrentPerform(iterations: sources.count) { index in
            let result = Result { try sources[index].load() }
            results.withLock { $0[index] = result }
        }
        var models: [ServedModel] = []
        for index in sources.indices {
            guard let model = try results.withLock({ $0[index] })?.get() else { continue }
            guard !models.contains(where: { $0.name == model.name }) else {
                throw SettingError(
                    contradiction: "model.file has two models called \(model.name.start): say NAME=FILE for one of them"
                )
            }
            models.append(model)
        }
        return models
    }
}

extension LoadedModel {
    /// What its file says it is for, else what kind it is.
    fileprivate var recordedPurpose: String {
        if let purpose = metadata["purpose"] { return purpose }
        return switch flow.flowArchitecture.kind {
        case .nice, .convolutional: "A model of whole images."
        case .conditional: "A model of missing pixels given the known ones."
        case .patches: "A prior of patches: fills photographs of any size."
        }
    }
}

extension Settings {
    fileprivate var precision: Precision {
        guard let precision = Precision(rawValue: string("model.precision")) else {
            preconditionFailure("the table of settings allows the precisions there are")
        }
        return precision
    }

    fileprivate var firstTransformed: PixelParity? {
        string(ifSet: "model.first_transformed").flatMap(PixelParity.init)
    }
}
