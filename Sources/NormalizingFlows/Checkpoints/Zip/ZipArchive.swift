/// The directory of a zip file whose entries are stored, not compressed: all that `torch.save` writes
/// (APPNOTE.TXT 6.3.10, with zip64).
///
/// A zip file says everything twice, once in its directory and once before each entry, and readers
/// that believe different halves see different files. Here the two must agree, names are unique, no
/// two entries share a byte, and whatever is compressed or encrypted is refused.
struct ZipArchive: Sendable {
    struct Entry: Sendable {
        let name: String
        /// CRC-32 of the contents, by the directory. `read` checks it; `bytes` alone were not checked.
        let checksum: UInt32
        let bytes: MappedBytes
    }

    let file: MappedFile
    /// In the order in which they lie in the file.
    let entries: [Entry]
    private let indices: [String: Int]

    init(_ file: MappedFile) throws(CheckpointError) {
        let directory = try ZipDirectory(file.bytes)
        var entries: [Entry] = []
        var indices: [String: Int] = [:]
        var end = 0  // of the entry before
        for record in try directory.records().sorted(by: { $0.headerOffset < $1.headerOffset }) {
            func failure(_ problem: String) -> CheckpointError {
                CheckpointError(file: file.path, place: "entry \(quoted(record.name))", problem: problem)
            }
            guard record.headerOffset >= end else { throw failure("overlaps another entry") }
            let start = try record.startOfContents(in: file.bytes)
            guard let bytes = file.bytes.slice(at: start, count: record.size), start + record.size <= directory.offset
            else { throw failure("its \(record.size) bytes at byte \(start) reach into the directory at byte \(directory.offset)") }
            end = start + record.size
            guard indices.updateValue(entries.count, forKey: record.name) == nil else {
                throw failure("stands in the archive twice")
            }
            entries.append(Entry(name: record.name, checksum: record.checksum, bytes: bytes))
        }
        self.file = file
        self.entries = entries
        self.indices = indices
    }

    subscript(name: String) -> Entry? {
        indices[name].map { entries[$0] }
    }

    /// The entry's bytes, after comparing them with their checksum.
    func read(_ entry: Entry) throws(CheckpointError) -> MappedBytes {
        let actual = crc32(of: entry.bytes)
        guard actual == entry.checksum else {
            throw CheckpointError(
                file: file.path, place: "entry \(quoted(entry.name))",
                problem: "its CRC-32 is \(hexadecimal(actual)), the directory says \(hexadecimal(entry.checksum)): the file is damaged")
        }
        return entry.bytes
    }
}

private func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
}
