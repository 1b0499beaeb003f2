/// Where the directory of a zip file lies: found from the end of the file, through the zip64 records
/// that `torch.save` always writes and other programs write when they must.
struct ZipDirectory {
    /// First byte of the directory, and its length.
    let offset: Int
    private let size: Int
    private let count: Int
    private let bytes: MappedBytes

    /// The end record has 22 bytes and, here, no comment after it: it is the end of the file.
    init(_ bytes: MappedBytes) throws(CheckpointError) {
        func failure(_ place: String, _ reason: String) -> CheckpointError {
            CheckpointError(file: bytes.file.path, place: place, reason: reason)
        }
        let endOffset = bytes.count - 22
        guard let end = bytes.slice(at: endOffset, count: 22), end.integer(at: 0, as: UInt32.self) == 0x0605_4b50,
            end.integer(at: 20, as: UInt16.self) == 0
        else {
            throw failure(
                "end of the file",
                "no end-of-central-directory record there: the zip file is cut off, or something follows it")
        }
        let short = EndRecord(end, at: 4, UInt16.self, UInt16.self, UInt32.self)

        var record = short
        var directoryEnd = endOffset
        if let locator = bytes.slice(at: endOffset - 20, count: 20),
            locator.integer(at: 0, as: UInt32.self) == 0x0706_4b50
        {
            let place = "zip64 end-of-central-directory record"
            let start = Int(exactly: locator.integer(at: 8, as: UInt64.self)!)
            guard let start, let long = bytes.slice(at: start, count: 56), start + 56 == endOffset - 20,
                long.integer(at: 0, as: UInt32.self) == 0x0606_4b50, long.integer(at: 4, as: UInt64.self) == 44
            else { throw failure(place, "its locator does not lead to it") }
            record = EndRecord(long, at: 16, UInt32.self, UInt64.self, UInt64.self)
            directoryEnd = start
            guard short.agrees(with: record) else {
                throw failure(place, "it contradicts the end-of-central-directory record")
            }
        }

        guard record.isOneDisk else { throw failure("end of the file", "the zip file spans several disks") }
        guard let offset = Int(exactly: record.offset), let size = Int(exactly: record.size),
            let count = Int(exactly: record.count), offset <= directoryEnd, directoryEnd - offset == size
        else {
            throw failure(
                "end of the file",
                "the directory is said to have \(record.size) bytes at byte \(record.offset), "
                    + "which do not end at byte \(directoryEnd)")
        }
        self.bytes = bytes
        self.offset = offset
        self.size = size
        self.count = count
    }

    /// The directory's records, as many as the end record says and not a byte more.
    func records() throws(CheckpointError) -> [ZipRecord] {
        var cursor = ByteCursor(bytes.slice(at: offset, count: size)!, place: "zip directory at byte \(offset)")
        var records: [ZipRecord] = []
        while !cursor.isAtEnd { records.append(try ZipRecord(&cursor)) }
        guard records.count == count else {
            throw cursor.failure("\(records.count) entries, but the end record counts \(count)")
        }
        return records
    }
}

/// The fields that the short and the zip64 end record share.
private struct EndRecord {
    let disk, firstDisk, countHere, count, size, offset: UInt64
    /// The values that mean "see the zip64 record".
    private let noDisk, noCount, noOffset: UInt64

    init<Disk: FixedWidthInteger, Count: FixedWidthInteger, Offset: FixedWidthInteger>(
        _ bytes: MappedBytes, at start: Int, _: Disk.Type, _: Count.Type, _: Offset.Type
    ) {
        let (d, c, o) = (MemoryLayout<Disk>.size, MemoryLayout<Count>.size, MemoryLayout<Offset>.size)
        // The caller made sure of the length.
        disk = UInt64(bytes.integer(at: start, as: Disk.self)!)
        firstDisk = UInt64(bytes.integer(at: start + d, as: Disk.self)!)
        countHere = UInt64(bytes.integer(at: start + 2 * d, as: Count.self)!)
        count = UInt64(bytes.integer(at: start + 2 * d + c, as: Count.self)!)
        size = UInt64(bytes.integer(at: start + 2 * d + 2 * c, as: Offset.self)!)
        offset = UInt64(bytes.integer(at: start + 2 * d + 2 * c + o, as: Offset.self)!)
        (noDisk, noCount, noOffset) = (UInt64(Disk.max), UInt64(Count.max), UInt64(Offset.max))
    }

    var isOneDisk: Bool { disk == 0 && firstDisk == 0 && countHere == count }

    /// Whether each field is the zip64 record's, or left to it.
    func agrees(with long: EndRecord) -> Bool {
        func fits(_ value: UInt64, _ other: UInt64, _ deferred: UInt64) -> Bool {
            value == other || value == deferred
        }
        return fits(disk, long.disk, noDisk) && fits(firstDisk, long.firstDisk, noDisk)
            && fits(countHere, long.countHere, noCount) && fits(count, long.count, noCount)
            && fits(size, long.size, noOffset) && fits(offset, long.offset, noOffset)
    }
}
