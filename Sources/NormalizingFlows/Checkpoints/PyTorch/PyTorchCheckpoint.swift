/// What `torch.save(model.state_dict(), path)` writes since PyTorch 1.6: a zip file with a pickle
/// (`data.pkl`) that names the tensors, and one entry (`data/0`, `data/1`, …) for each storage.
struct PyTorchCheckpoint {
    private(set) var tensors: [CheckpointTensor] = []
    /// The storages that tensors lie in, each once, with the checksums that they should have.
    private(set) var storages: [ZipArchive.Entry] = []

    /// Tensors may share storage (tied weights, views), but not claim many times what the file holds:
    /// copying them allocates the sum.
    private static let mostSharing = 8

    /// Reads directory and pickle; the storages stay where they are and are not looked at.
    init(_ archive: ZipArchive) throws(CheckpointError) {
        let file = archive.file
        func failure(_ place: String, _ reason: String) -> CheckpointError {
            CheckpointError(file: file.path, place: place, reason: reason)
        }
        // All entries are in one folder, named after the file that was first saved to.
        let programs = archive.entries.filter {
            $0.name.hasSuffix("/data.pkl") && $0.name.count(where: { $0 == "/" }) == 1
        }
        guard let program = programs.first, programs.count == 1 else {
            throw failure("zip directory", programs.isEmpty
                ? "no FOLDER/data.pkl: a zip file, but not one that torch.save wrote" : "more than one FOLDER/data.pkl")
        }
        let folder = program.name.dropLast("data.pkl".count)
        if let order = archive[folder + "byteorder"] {
            let bytes = try order.verified()
            guard bytes.text(at: 0, count: bytes.count) == "little" else {
                throw failure("entry \(quoted(order.name))", "numbers are not stored in little-endian order")
            }
        }

        let place = "entry \(quoted(program.name))"
        var machine = try PickleMachine(try program.verified(), place: place)
        let result = try machine.run()
        let dict = try StateDict(result, in: machine.heap) { failure(place, $0) }

        var used: Set<String> = []
        var total = 0
        for (name, tensor) in dict.tensors {
            let storage = tensor.storage
            func failure(_ reason: String) -> CheckpointError {
                CheckpointError(file: file.path, place: "tensor \(quoted(name))", reason: reason)
            }
            guard let elementType = storage.type.elementType else {
                throw failure("its elements are a \(storage.type.rawValue); float32, float16 and bfloat16 are read")
            }
            guard let entry = archive[folder + "data/" + storage.key] else {
                throw failure("its storage \(quoted(folder + "data/" + storage.key)) is not in the archive")
            }
            guard product([storage.count, elementType.size]) == entry.bytes.count else {
                throw failure(
                    "its storage should have \(storage.count) elements of \(elementType.size) bytes, "
                        + "but \(quoted(entry.name)) has \(entry.bytes.count) bytes")
            }
            if used.insert(entry.name).inserted { storages.append(entry) }
            let checked = try CheckpointTensor(
                name: name, elementType: elementType, shape: tensor.shape, strides: tensor.strides,
                offset: tensor.offset, storage: entry.bytes)
            // No overflow: a tensor has no more bytes than the file, and this stops at eight files.
            total += checked.count * elementType.size
            guard total <= Self.mostSharing * file.size else {
                throw failure("up to it the tensors claim \(total) bytes, which is more than \(Self.mostSharing) times the file")
            }
            tensors.append(checked)
        }
    }
}
