/// A file as `torch.save` writes it, of tensors that the test chooses.
public enum TorchFile {
    /// The storages `data/0`, `data/1` … and the pickle that mentions them.
    public static func archive(_ pickle: [UInt8], _ storages: [[UInt8]] = [], byteOrder: String = "little") -> ZipWriter {
        ZipWriter(entries: [
            .init(name: "archive/data.pkl", contents: pickle),
            .init(name: "archive/byteorder", contents: Array(byteOrder.utf8)),
        ] + storages.enumerated().map { .init(name: "archive/data/\($0)", contents: $1) } + [
            .init(name: "archive/version", contents: Array("3\n".utf8))
        ])
    }

    /// A state dict of contiguous float32 tensors, each with its own storage.
    public static func stateDict(_ tensors: [(name: String, shape: [Int], values: [Float])]) -> [UInt8] {
        let items = tensors.enumerated().map { index, tensor in
            (key: Pickle.string(tensor.name),
             value: Pickle.tensor(
                Pickle.storage("FloatStorage", String(index), tensor.values.count), shape: tensor.shape,
                strides: rowMajor(tensor.shape)))
        }
        return archive(Pickle.program(Pickle.dictionary(items)), tensors.map { bytes($0.values) }).bytes
    }

    /// A file whose only tensor, `x`, is what `pickle` makes of the storage `data/0`.
    public static func oneTensor(_ pickle: [UInt8], storage: [UInt8]) -> [UInt8] {
        archive(Pickle.program(Pickle.dictionary([(Pickle.string("x"), pickle)])), [storage]).bytes
    }

    public static func bytes(_ values: [Float]) -> [UInt8] { values.flatMap { little($0.bitPattern) } }

    public static func rowMajor(_ shape: [Int]) -> [Int] {
        shape.indices.map { shape[($0 + 1)...].reduce(1, *) }
    }
}
