import Fixtures
import Glibc
import NormalizingFlows

extension FuzzTarget {
    /// A checkpoint gives as many numbers as its tensors say, and claims at most eight times what its file holds. A
    /// file that is refused is refused in one line.
    static func openCheckpoint(_ bytes: [UInt8]) throws(Finding) {
        try withFile(bytes) { path throws(CheckpointError) in
            let checkpoint = try Checkpoint(contentsOf: path)
            var claimed = 0
            for tensor in checkpoint.tensors {
                claimed += tensor.count * tensor.elementType.size
                guard tensor.floats().count == tensor.count, tensor.halves().count == tensor.count else {
                    return "\(tensor.name) has not the numbers that it says"
                }
            }
            guard claimed <= 8 * bytes.count else { return "\(claimed) bytes of \(bytes.count)" }
            try checkpoint.verify()
            if ConvolutionalArchitecture.describes(checkpoint) {
                let architecture = try ConvolutionalArchitecture(of: checkpoint)
                // Larger ones would only take longer.
                guard architecture.dimension <= 256, architecture.parameterCount <= 100_000 else { return nil }
                return try serve(checkpoint)
            }
            _ = try NICEArchitecture(of: checkpoint)
            return nil
        }
    }

    /// A flow that is served has finite numbers for an image, or says that it has not.
    private static func serve(_ checkpoint: Checkpoint) throws(CheckpointError) -> String? {
        let model = try checkpoint.flowModel(precision: .float32)
        guard let workspace = try? model.makeWorkspace() as any FlowWorkspace else { return nil }
        workspace.differentiate(
            [Float](repeating: 0.5, count: model.dimension),
            missing: model.isConditional ? [Bool](repeating: true, count: model.dimension) : nil)
        guard let gradient = try? workspace.finiteGradient() else { return nil }
        return gradient.allSatisfy { $0.isFinite } && workspace.logProbability.isFinite
            ? nil : "numbers that are not finite"
    }

    /// The mean of a file of images has a value in 0…1 for each pixel.
    static func readIDX(_ bytes: [UInt8]) throws(Finding) {
        try withFile(bytes) { path throws(CheckpointError) in
            let images = try IDXImages(contentsOf: path)
            let pixels = images.rows * images.columns
            let mean = try images.mean()
            return mean.count == pixels && mean.allSatisfy { 0...1 ~= $0 } ? nil : "a mean outside 0…1"
        }
    }

    /// A file that torch.save might have written, but for its pickle.
    static func torchFile(_ pickle: [UInt8]) -> [UInt8] {
        TorchFile.archive(pickle, [TorchFile.bytes([1, 2, 3, 4, 5, 6]), [1, 2, 3, 4, 5, 6, 7, 8]]).bytes
    }

    private static func withFile(
        _ bytes: [UInt8], _ law: (String) throws(CheckpointError) -> String?
    ) throws(Finding) {
        var template = Array("/tmp/riviera-fuzz-XXXXXX".utf8CString)
        let file = mkstemp(&template)
        guard file >= 0 else { throw Finding("no file: errno \(errno)") }
        defer { close(file) }
        // It goes with its descriptor.
        unlink(&template)
        guard write(file, bytes, bytes.count) == bytes.count else { throw Finding("no file: errno \(errno)") }
        let path = "/proc/self/fd/\(file)"
        do throws(CheckpointError) {
            if let broken = try law(path) { throw CheckpointError(file: "", reason: broken) }
        } catch {
            if error.file.isEmpty { throw Finding(error.reason) }
            let line = error.description
            guard line.hasPrefix(path + ": "), !line.contains(where: \.isNewline), line.utf8.count <= 600 else {
                throw Finding("refused with “\(line)”")
            }
        }
    }

    static let stateDict: [UInt8] = Pickle.program(
        Pickle.dictionary([
            (Pickle.string("epoch"), Pickle.integer(7)),
            (
                Pickle.string("model"),
                Pickle.orderedDict + [0x71, 1, 0x28] + Pickle.string("a")
                    + Pickle.tensor(Pickle.storage("FloatStorage", "0", 6), shape: [2, 3], strides: [1, 2])
                    + Pickle.string("b")
                    + Pickle.tensor(Pickle.storage("HalfStorage", "1", 4), offset: 1, shape: [3], strides: [1])
                    + [0x75, 0x7d, 0x62]
            ),
        ]))

    /// Small flows of convolutions, of whole images and of missing pixels.
    static let flows: [[UInt8]] = [false, true].map { isConditional in
        (try? SmallConvolutionalModel(isConditional: isConditional).withFile { path in
            guard let stream = fopen(path, "r") else { return [] }
            defer { fclose(stream) }
            var bytes = [UInt8](repeating: 0, count: 1 << 20)
            let count = fread(&bytes, 1, bytes.count, stream)
            return Array(bytes.prefix(count))
        }) ?? []
    }

    static let tensors: [UInt8] = {
        let header =
            #"{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"BF16","shape":[3,1],"data_offsets":[24,30]}}"#
        return little(UInt64(header.utf8.count)) + Array(header.utf8) + (0..<30).map { UInt8($0) }
    }()

    /// Two images of 2 × 3 pixels.
    static let images: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3] + (0..<12).map { UInt8(20 * $0) }

    /// A gigabyte, by its header.
    static let hugeImage: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0x80, 0, 0, 0, 0x80, 0, 1, 2, 3]
}
