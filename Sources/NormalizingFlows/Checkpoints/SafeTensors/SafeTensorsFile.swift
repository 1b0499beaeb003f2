/// A safetensors file, with every rule of the format checked before a tensor is handed out.
struct SafeTensorsFile {
    /// In the order of the buffer.
    private(set) var tensors: [CheckpointTensor] = []
    let metadata: [String: String]

    init(_ file: MappedFile) throws(CheckpointError) {
        func failure(_ place: String, _ reason: String) -> CheckpointError {
            CheckpointError(file: file.path, place: place, reason: reason)
        }
        guard let announced = file.bytes.integer(at: 0, as: UInt64.self) else {
            throw failure("safetensors header", "the file has \(file.size) bytes; its header's length alone has 8")
        }
        guard announced <= SafeTensors.longestHeader else {
            throw failure(
                "safetensors header",
                "it is said to have \(announced) bytes; the format allows \(SafeTensors.longestHeader)")
        }
        let length = Int(announced)
        guard let header = file.bytes.slice(at: 8, count: length),
            let buffer = file.bytes.slice(at: 8 + length, count: file.size - 8 - length)
        else {
            throw failure("safetensors header", "it is said to have \(length) bytes, but the file has \(file.size)")
        }

        let parsed = try SafeTensorsHeader(header)
        metadata = parsed.metadata
        var end = 0
        for entry in parsed.entriesInOrder {
            let place = "tensor \(quoted(entry.name))"
            guard let elementType = CheckpointTensor.ElementType(safeTensorsName: entry.type) else {
                throw failure(place, "its dtype is \(quoted(entry.type)); F32, F16 and BF16 are read")
            }
            let (first, last) = (entry.offsets[0], entry.offsets[1])
            guard first == end else {
                throw failure(
                    place,
                    "its data_offsets begin at \(first), where \(end) was expected: "
                        + "tensors follow one another without holes or overlaps")
            }
            guard let bytes = buffer.slice(at: first, count: last - first) else {
                throw failure(
                    place, "its data_offsets \(brief(entry.offsets)) reach outside the buffer of \(buffer.count) bytes")
            }
            guard product(entry.shape + [elementType.size]) == bytes.count else {
                throw failure(place, "\(bytes.count) bytes for the shape \(brief(entry.shape)) of \(entry.type)")
            }
            tensors.append(try CheckpointTensor(
                name: entry.name, elementType: elementType, shape: entry.shape,
                strides: rowMajorStrides(entry.shape), offset: 0, storage: bytes))
            end = last
        }
        guard end == buffer.count else {
            throw failure("safetensors buffer", "it has \(buffer.count) bytes, of which the tensors take \(end)")
        }
    }
}
