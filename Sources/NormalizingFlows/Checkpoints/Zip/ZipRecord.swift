/// One entry as the directory describes it, checked against the header before its contents.
struct ZipRecord {
    let name: String
    let checksum: UInt32
    /// Bytes of contents; stored, so as many in the file as out of it.
    let size: Int
    /// Where the entry's own header begins.
    let headerOffset: Int
    private let flags: UInt16

    /// Bit 3: sizes and checksum follow the contents. Bit 11: names are UTF-8.
    private static let sizesFollow: UInt16 = 1 << 3
    private static let allowedFlags: UInt16 = sizesFollow | 1 << 11

    init(_ cursor: inout ByteCursor) throws(CheckpointError) {
        guard try cursor.integer(UInt32.self) == 0x0201_4b50 else {
            throw cursor.failure("an entry's signature was expected before this")
        }
        try cursor.skip(4)  // versions
        flags = try cursor.integer(UInt16.self)
        let method = try cursor.integer(UInt16.self)
        try cursor.skip(4)  // time and date
        checksum = try cursor.integer(UInt32.self)
        let shortCompressed = try cursor.integer(UInt32.self)
        let shortUncompressed = try cursor.integer(UInt32.self)
        let nameLength = Int(try cursor.integer(UInt16.self))
        let extraLength = Int(try cursor.integer(UInt16.self))
        let commentLength = Int(try cursor.integer(UInt16.self))
        let disk = try cursor.integer(UInt16.self)
        try cursor.skip(6)  // attributes
        let shortHeader = try cursor.integer(UInt32.self)
        guard nameLength <= CheckpointTensor.longestName else {
            throw cursor.failure("an entry's name has \(nameLength) bytes; at most \(CheckpointTensor.longestName) are read")
        }
        name = try cursor.text(count: nameLength)
        let place = "entry \(quoted(name))"
        let path = cursor.bytes.file.path
        func failure(_ reason: String) -> CheckpointError {
            CheckpointError(file: path, place: place, reason: reason)
        }

        guard let extra = cursor.bytes.slice(at: cursor.position, count: extraLength) else {
            throw failure("its extra field ends too early")
        }
        try cursor.skip(extraLength + commentLength)
        var wide = try ZipRecord.zip64Values(extra, place: place)
        // For a value of all ones the extra field holds the real one, in this order. Where the field lacks
        // it, all ones is the value, which the bounds checks further down refuse.
        func widened(_ value: UInt32) -> UInt64 {
            value == .max && !wide.isEmpty ? wide.removeFirst() : UInt64(value)
        }
        let uncompressed = widened(shortUncompressed)
        let compressed = widened(shortCompressed)
        let header = widened(shortHeader)

        guard disk == 0 || disk == 0xffff else { throw failure("lies on another disk") }
        guard flags & 1 == 0 else { throw failure("is encrypted") }
        guard method == 0 else {
            throw failure("is compressed (method \(method)); torch.save stores entries as they are")
        }
        guard flags & ~Self.allowedFlags == 0 else {
            throw failure("has the flags 0x\(String(flags, radix: 16)), which a stored entry does not need")
        }
        guard compressed == uncompressed else {
            throw failure("is stored, but has \(compressed) bytes in the file for \(uncompressed)")
        }
        guard let size = Int(exactly: uncompressed), let headerOffset = Int(exactly: header) else {
            throw failure("is larger than any file")
        }
        self.size = size
        self.headerOffset = headerOffset
    }

    /// Where the contents begin, once the entry's own header has been found to say what the directory says.
    func startOfContents(in bytes: MappedBytes) throws(CheckpointError) -> Int {
        let place = "entry \(quoted(name))"
        func failure(_ reason: String) -> CheckpointError {
            CheckpointError(file: bytes.file.path, place: place, reason: reason)
        }
        guard let rest = bytes.slice(at: headerOffset, count: bytes.count - min(headerOffset, bytes.count)) else {
            throw failure("its header at byte \(headerOffset) is outside the file")
        }
        var header = ByteCursor(rest, place: "header of \(place) at byte \(headerOffset)")
        guard try header.integer(UInt32.self) == 0x0403_4b50 else {
            throw failure("has no header at byte \(headerOffset)")
        }
        try header.skip(2)
        let sameFlags = try header.integer(UInt16.self) == flags
        let sameMethod = try header.integer(UInt16.self) == 0
        try header.skip(4)
        let checksum = try header.integer(UInt32.self)
        let compressed = try header.integer(UInt32.self)
        let uncompressed = try header.integer(UInt32.self)
        let nameLength = Int(try header.integer(UInt16.self))
        let extraLength = Int(try header.integer(UInt16.self))
        let sameName = try header.text(count: nameLength).utf8.elementsEqual(name.utf8)
        try header.skip(extraLength)

        let follow = flags & Self.sizesFollow != 0
        let sameChecksum = checksum == self.checksum || follow && checksum == 0
        let sameSizes = [compressed, uncompressed].allSatisfy {
            // All ones: the size is in this header's zip64 field; the directory's is used.
            UInt64($0) == UInt64(size) || $0 == 0xffff_ffff || follow && $0 == 0
        }
        guard sameFlags, sameMethod, sameName, sameChecksum, sameSizes else {
            throw failure("its header at byte \(headerOffset) contradicts the directory")
        }
        return headerOffset + header.position
    }

    /// The 64-bit values of the zip64 extra field (identifier 1), in its order; empty without one.
    private static func zip64Values(_ extra: MappedBytes, place: String) throws(CheckpointError) -> [UInt64] {
        var cursor = ByteCursor(extra, place: "extra field of \(place)")
        var values: [UInt64] = []
        while !cursor.isAtEnd {
            let identifier = try cursor.integer(UInt16.self)
            let length = Int(try cursor.integer(UInt16.self))
            let end = cursor.position + length
            if identifier == 1, !values.isEmpty { throw cursor.failure("a second zip64 field") }
            while identifier == 1, cursor.position + 8 <= end { values.append(try cursor.integer(UInt64.self)) }
            try cursor.skip(end - cursor.position)
        }
        return values
    }
}
