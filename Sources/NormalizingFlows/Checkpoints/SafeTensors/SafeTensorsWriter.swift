/// Writes a safetensors file, one tensor at a time: the same tensors and metadata give the same bytes.
///
/// The header is padded with spaces so that the buffer begins at a multiple of eight; tensors follow
/// in the order of `descriptions`. The file appears under its name only by `finish`; a writer that is
/// dropped before, by an error, leaves nothing behind.
public struct SafeTensorsWriter: ~Copyable {
    /// What the header says of a tensor.
    public struct Description: Sendable {
        public var name: String
        public var elementType: CheckpointTensor.ElementType
        public var shape: [Int]

        public init(name: String, elementType: CheckpointTensor.ElementType, shape: [Int]) {
            self.name = name
            self.elementType = elementType
            self.shape = shape
        }
    }

    private let file: AtomicFile
    private let descriptions: [Description]
    private var written = 0

    /// Starts the file and writes its header. Names must differ, and none be `__metadata__`.
    public init(
        _ path: String, tensors descriptions: [Description], metadata: [String: String] = [:]
    ) throws(CheckpointError) {
        precondition(Set(descriptions.map(\.name)).count == descriptions.count, "tensors have different names")
        let header = Self.header(descriptions, metadata)
        guard header.count <= SafeTensors.longestHeader else {
            throw CheckpointError(
                file: path,
                reason: "cannot be written: its header would have \(header.count) bytes; "
                    + "the format allows \(SafeTensors.longestHeader)")
        }
        let file = try AtomicFile(path)
        let length = UInt64(header.count)
        try file.write((0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) })
        try file.write(header)
        self.file = file
        self.descriptions = descriptions
    }

    /// Appends the next tensor, float32, in row-major order.
    public mutating func append(_ elements: [Float]) throws(CheckpointError) {
        try append(elements, as: [.float32])
    }

    /// Appends the next tensor, float16 or bfloat16, by its bits, in row-major order.
    public mutating func append(_ bits: [UInt16]) throws(CheckpointError) {
        try append(bits, as: [.float16, .bfloat16])
    }

    /// Puts the file in its place. All tensors must have been appended.
    public consuming func finish() throws(CheckpointError) {
        precondition(written == descriptions.count, "all tensors have been written")
        try file.commit()
    }

    private mutating func append<Element: BitwiseCopyable>(
        _ elements: [Element], as types: [CheckpointTensor.ElementType]
    ) throws(CheckpointError) {
        precondition(written < descriptions.count, "the header has no more tensors")
        let next = descriptions[written]
        precondition(types.contains(next.elementType), "the elements have the type that the header says")
        precondition(elements.count == product(next.shape), "there are as many elements as the header says")
        // Both supported architectures are little-endian, as the format is.
        try file.write(elements)
        written += 1
    }

    private static func header(_ descriptions: [Description], _ metadata: [String: String]) -> [UInt8] {
        var members: [String] = []
        if !metadata.isEmpty {
            // Sorted: a dictionary's own order changes from run to run.
            let pairs = metadata.sorted { $0.key < $1.key }
                .map { "\(jsonLiteral($0.key)):\(jsonLiteral($0.value))" }
            members.append("\(jsonLiteral(SafeTensors.metadataKey)):{\(pairs.joined(separator: ","))}")
        }
        var end = 0
        for tensor in descriptions {
            precondition(tensor.name != SafeTensors.metadataKey, "the name is free")
            guard let bytes = product(tensor.shape + [tensor.elementType.size]) else {
                preconditionFailure("the shape is one of a tensor in memory")
            }
            let shape = tensor.shape.map(String.init).joined(separator: ",")
            members.append(
                "\(jsonLiteral(tensor.name)):{\"dtype\":\"\(tensor.elementType.safeTensorsName)\","
                    + "\"shape\":[\(shape)],\"data_offsets\":[\(end),\(end + bytes)]}")
            end += bytes
        }
        var header = Array("{\(members.joined(separator: ","))}".utf8)
        while !header.count.isMultiple(of: 8) { header.append(UInt8(ascii: " ")) }
        return header
    }
}

/// `text` as a JSON string: only what RFC 8259 says must be escaped is.
private func jsonLiteral(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": result += "\\\""
        case "\\": result += "\\\\"
        case "\u{0}"..."\u{1f}":
            let digits = String(scalar.value, radix: 16)
            result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result + "\""
}
