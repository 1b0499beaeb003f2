/// Makes zip files as `torch.save` does, and every wrong one that a test needs.
public struct ZipWriter {
    public struct Entry {
        public var name: String
        public var contents: [UInt8]
        /// Sizes and checksum after the contents; UTF-8 name.
        public var flags: UInt16 = 0x0808
        public var method: UInt16 = 0
        // What the directory says, where it is not the truth.
        public var checksum: UInt32?
        public var compressedSize: UInt32?
        public var headerOffset: UInt32?
        /// Sizes and offset of the directory stand in a zip64 field.
        public var isWide = false
        /// What the entry's own header says, where it is not the same.
        public var localName: String?
        public var localMethod: UInt16?
        public var localSize: UInt32?

        public init(name: String, contents: [UInt8]) {
            self.name = name
            self.contents = contents
        }
    }

    public var entries: [Entry]
    /// Whether zip64 end records are written, as `torch.save` does.
    public var isWide = true
    /// What the end records count, where it is not the truth.
    public var count: UInt64?
    public var directoryOffset: UInt64?

    public init(entries: [Entry]) { self.entries = entries }

    public var bytes: [UInt8] {
        var file: [UInt8] = []
        var directory: [UInt8] = []
        for entry in entries {
            let start = UInt32(file.count)
            let size = UInt32(entry.contents.count)
            let checksum = entry.checksum ?? Self.crc32(entry.contents)
            let follow = entry.flags & 8 != 0
            let localName = Array((entry.localName ?? entry.name).utf8)
            file += little(0x0403_4b50 as UInt32) + little(0 as UInt16) + little(entry.flags)
            file += little(entry.localMethod ?? entry.method) + little(0 as UInt32)
            file += little(follow ? 0 : checksum)
            file += little(entry.localSize ?? (follow ? 0 : size)) + little(entry.localSize ?? (follow ? 0 : size))
            // Padding, so that the contents begin at a multiple of 64, as PyTorch maps them.
            let unpadded = file.count + 4 + localName.count + 4
            let padding = (64 - unpadded % 64) % 64
            file += little(UInt16(localName.count)) + little(UInt16(4 + padding)) + localName
            file += Array("FB".utf8) + little(UInt16(padding)) + [UInt8](repeating: UInt8(ascii: "Z"), count: padding)
            file += entry.contents
            if follow { file += little(0x0807_4b50 as UInt32) + little(checksum) + little(size) + little(size) }

            let offset = entry.headerOffset ?? start
            let wide: [UInt8] = entry.isWide
                ? little(1 as UInt16) + little(24 as UInt16) + little(UInt64(size)) + little(UInt64(entry.compressedSize ?? size)) + little(UInt64(offset)) : []
            directory += little(0x0201_4b50 as UInt32) + little(0 as UInt32) + little(entry.flags) + little(entry.method)
            directory += little(0 as UInt32) + little(checksum)
            directory += little(entry.isWide ? .max : entry.compressedSize ?? size) + little(entry.isWide ? .max : size)
            directory += little(UInt16(entry.name.utf8.count)) + little(UInt16(wide.count)) + little(0 as UInt16)
            directory += little(0 as UInt64) + little(entry.isWide ? .max : offset) + Array(entry.name.utf8) + wide
        }
        let offset = directoryOffset ?? UInt64(file.count)
        let count = count ?? UInt64(entries.count)
        file += directory
        if isWide {
            let record = UInt64(file.count)
            file += little(0x0606_4b50 as UInt32) + little(44 as UInt64) + little(0 as UInt32) + little(0 as UInt64)
            file += little(count) + little(count) + little(UInt64(directory.count)) + little(offset)
            file += little(0x0706_4b50 as UInt32) + little(0 as UInt32) + little(record) + little(1 as UInt32)
        }
        file += little(0x0605_4b50 as UInt32) + little(0 as UInt32) + little(UInt16(count)) + little(UInt16(count))
        file += little(UInt32(directory.count)) + little(UInt32(offset)) + little(0 as UInt16)
        return file
    }

    /// The definition, a bit at a time: another implementation than the one under test.
    public static func crc32(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(UInt32.max) { remainder, byte in
            (0..<8).reduce(remainder ^ UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xedb8_8320 : value >> 1 }
        }
    }
}

public func little(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
}
