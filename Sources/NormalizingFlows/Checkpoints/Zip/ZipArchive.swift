/// The directory of a zip file whose entries are stored, not compressed: all that `torch.save` writes
/// (APPNOTE.TXT 6.3.10, with zip64).
///
/// A zip file says everything twice, once in its directory and once before each entry, and readers
/// that believe different halves see different files. Here the two must agree, names are unique, no
/// two entries share a byte, and compressed or encrypted entries are refused.
struct ZipArchive: Sendable {
    struct Entry: Sendable {
        let name: String
        /// As they lie in the file, not yet compared with the checksum.
        let bytes: MappedBytes
        /// CRC-32 of the contents, by the directory; `nil` in an archive without checksums.
        fileprivate(set) var checksum: UInt32?

        /// The bytes, after comparing them with their checksum.
        func verified() throws(CheckpointError) -> MappedBytes {
            let actual = crc32(of: bytes)
            guard let checksum, actual != checksum else { return bytes }
            throw CheckpointError(
                file: bytes.file.path, place: "entry \(quoted(name))",
                reason: "its CRC-32 is \(hexadecimal(actual)), the directory says \(hexadecimal(checksum)): "
                    + "the file is damaged")
        }
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
            func failure(_ reason: String) -> CheckpointError {
                CheckpointError(file: file.path, place: "entry \(quoted(record.name))", reason: reason)
            }
            guard record.headerOffset >= end else { throw failure("overlaps another entry") }
            let start = try record.startOfContents(in: file.bytes)
            guard let bytes = file.bytes.slice(at: start, count: record.size),
                start + record.size <= directory.offset
            else {
                throw failure(
                    "its \(record.size) bytes at byte \(start) reach into the directory at byte \(directory.offset)")
            }
            end = start + record.size
            guard indices.updateValue(entries.count, forKey: record.name) == nil else {
                throw failure("is in the archive twice")
            }
            entries.append(Entry(name: record.name, bytes: bytes, checksum: record.checksum))
        }
        // PyTorch can be told to compute no checksums (`set_crc32_options(False)`); all are 0 then.
        if entries.allSatisfy({ $0.checksum == 0 }) {
            for index in entries.indices { entries[index].checksum = nil }
        }
        self.file = file
        self.entries = entries
        self.indices = indices
    }

    subscript(name: String) -> Entry? {
        indices[name].map { entries[$0] }
    }
}

private func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
}
