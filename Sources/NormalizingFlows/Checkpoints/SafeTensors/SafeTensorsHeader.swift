/// Reads a safetensors header: just the JSON that such a header may have, which is never deeper than
/// an object of objects of lists. Unknown and repeated keys are refused, so that no two readers can
/// take one file for different tensors.
struct SafeTensorsHeader {
    private var entries: [SafeTensors.Entry] = []
    private(set) var metadata: [String: String] = [:]
    private var cursor: ByteCursor

    init(_ header: MappedBytes) throws(CheckpointError) {
        cursor = ByteCursor(header, place: "safetensors header")
        var names: Set<String> = []
        guard cursor.peek == UInt8(ascii: "{") else { throw cursor.failure("the header does not begin with {") }
        var members = JSONMembers("{", "}")
        while try members.next(&cursor) {
            let name = try key(among: &names)
            if name == SafeTensors.metadataKey {
                try readMetadata()
            } else {
                try readEntry(name)
            }
        }
        cursor.skipJSONSpace()
        guard cursor.isAtEnd else { throw cursor.failure("only spaces may follow the header's last }") }
    }

    /// In the order of the buffer; of empty tensors at one place, in the order of the header.
    var entriesInOrder: [SafeTensors.Entry] {
        entries.enumerated().sorted { one, other in
            (one.element.offsets[0], one.element.offsets[1], one.offset)
                < (other.element.offsets[0], other.element.offsets[1], other.offset)
        }.map(\.element)
    }

    /// A key that its object has not had before, and the colon after it.
    private mutating func key(among keys: inout Set<String>) throws(CheckpointError) -> String {
        let key = try identifier()
        guard keys.insert(key).inserted else { throw cursor.failure("the key \(quoted(key)) is repeated") }
        try cursor.expectJSON(":")
        return key
    }

    /// A string that is compared with others, and so has a limited length.
    private mutating func identifier() throws(CheckpointError) -> String {
        let name = try cursor.jsonString()
        guard name.utf8.count <= CheckpointTensor.longestName else {
            throw cursor.failure("a name of \(name.utf8.count) bytes; at most \(CheckpointTensor.longestName) are read")
        }
        return name
    }

    private mutating func readMetadata() throws(CheckpointError) {
        var keys: Set<String> = []
        var members = JSONMembers("{", "}")
        while try members.next(&cursor) {
            let key = try key(among: &keys)
            metadata[key] = try cursor.jsonString()
        }
    }

    private mutating func readEntry(_ name: String) throws(CheckpointError) {
        var type: String?
        var shape, offsets: [Int]?
        var members = JSONMembers("{", "}")
        while try members.next(&cursor) {
            let field = try identifier()
            try cursor.expectJSON(":")
            switch field {
            case "dtype" where type == nil: type = try identifier()
            case "shape" where shape == nil: shape = try integers()
            case "data_offsets" where offsets == nil: offsets = try integers()
            case "dtype", "shape", "data_offsets": throw cursor.failure("the key \(quoted(field)) is repeated")
            default: throw cursor.failure("tensor \(quoted(name)) has the unknown field \(quoted(field))")
            }
        }
        guard let type, let shape, let offsets, offsets.count == 2 else {
            throw cursor.failure("tensor \(quoted(name)) lacks a dtype, a shape or two data_offsets")
        }
        entries.append(SafeTensors.Entry(name: name, type: type, shape: shape, offsets: offsets))
    }

    private mutating func integers() throws(CheckpointError) -> [Int] {
        var values: [Int] = []
        var members = JSONMembers("[", "]")
        while try members.next(&cursor) { values.append(try cursor.jsonInteger()) }
        return values
    }
}
