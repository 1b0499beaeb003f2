/// A file of named tensors, mapped into memory: a PyTorch state dict or a safetensors file.
///
/// Opening reads the directory and checks all of it (names, shapes, places); the numbers stay in the
/// file until a tensor is asked for them. A truncated, lying or hostile file throws: nothing is
/// executed, and nothing is allocated because the file says so.
public struct Checkpoint: Sendable {
    /// The formats, told apart by the file's contents, not by its name.
    public enum Format: String, Sendable, Hashable {
        case pyTorch = "PyTorch", safeTensors = "safetensors"
    }

    /// The mapped file. Tensors keep it mapped.
    public let file: MappedFile
    public let format: Format
    /// In file order. Names are unique, and without `namePrefix`.
    public let tensors: [CheckpointTensor]
    /// What wrappers of PyTorch's modules put before all the names in the file: `module.`, `model.` and
    /// `_orig_mod.`, one or several of them; mostly nothing.
    public let namePrefix: String
    /// What the file says of itself; empty for PyTorch, whose state dicts say nothing.
    public let metadata: [String: String]

    private let indices: [String: Int]
    /// What has a checksum: PyTorch's storages. The safetensors format has none.
    private let checksummed: [ZipArchive.Entry]

    /// Opens the file at `path`.
    public init(contentsOf path: String) throws(CheckpointError) {
        file = try MappedFile(path)
        format = try Self.format(of: file)
        let found: [CheckpointTensor]
        switch format {
        case .pyTorch:
            let contents = try PyTorchCheckpoint(ZipArchive(file))
            (found, metadata, checksummed) = (contents.tensors, [:], contents.storages)
        case .safeTensors:
            let contents = try SafeTensorsFile(file)
            (found, metadata, checksummed) = (contents.tensors, contents.metadata, [])
        }
        let prefix = Self.wrapperPrefix(of: found.map(\.name))
        namePrefix = prefix
        tensors = prefix.isEmpty ? found : found.map { $0.renamed(String($0.name.dropFirst(prefix.count))) }
        indices = Dictionary(uniqueKeysWithValues: tensors.enumerated().map { ($1.name, $0) })
    }

    /// The tensor of that name.
    public subscript(name: String) -> CheckpointTensor? {
        indices[name].map { tensors[$0] }
    }

    /// Reads every storage and compares it with its checksum, where the format has checksums
    /// (PyTorch's does). Opening does not, since it would read the whole file.
    public func verify() throws(CheckpointError) {
        for entry in checksummed { _ = try entry.verified() }
    }

    /// The wrappers' prefixes that all names begin with.
    private static func wrapperPrefix(of names: [String]) -> String {
        guard !names.isEmpty else { return "" }
        var prefix = ""
        // DataParallel and DistributedDataParallel, Lightning and many scripts, torch.compile.
        while let next = ["module.", "model.", "_orig_mod."].first(where: { wrapper in
            names.allSatisfy { $0.hasPrefix(prefix + wrapper) }
        }) { prefix += next }
        return prefix
    }

    private static func format(of file: MappedFile) throws(CheckpointError) -> Format {
        let bytes = file.bytes
        func begins(_ prefix: [UInt8]) -> Bool {
            bytes.slice(at: 0, count: prefix.count)?.withUnsafeBytes { $0.elementsEqual(prefix) } ?? false
        }
        if file.size == 0 { throw CheckpointError(file: file.path, reason: "is empty") }
        if begins([0x50, 0x4b, 0x03, 0x04]) { return .pyTorch }
        // A pickle that begins with PyTorch's number, 0x1950a86a20f9469cfc6c, as a LONG1.
        if begins([0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]) {
            throw CheckpointError(
                file: file.path,
                reason: "is in torch.save's format from before PyTorch 1.6; load it in PyTorch and save it again")
        }
        if bytes.integer(at: 8, as: UInt8.self) == UInt8(ascii: "{") { return .safeTensors }
        throw CheckpointError(file: file.path, reason: "is neither a PyTorch checkpoint (a zip file) nor safetensors")
    }
}
