import Fixtures
import NormalizingFlows
import Testing

@Suite struct ZipArchiveTests {
    /// A file that is right, with a change to one of its entries.
    private func file(_ index: Int = 2, _ change: (inout ZipWriter.Entry) -> Void = { _ in }) -> ZipWriter {
        let pickle = Pickle.tensor(Pickle.storage("FloatStorage", "0", 2), shape: [2], strides: [1])
        var zip = TorchFile.archive(Pickle.program(Pickle.dictionary([(Pickle.string("x"), pickle)])), [TorchFile.bytes([1, 2])])
        change(&zip.entries[index])
        return zip
    }

    @Test func storedEntriesAreReadWithAndWithoutZip64() throws {
        for isWide in [false, true] {
            var zip = file { $0.isWide = isWide }
            zip.isWide = isWide
            #expect(try open(zip.bytes)["x"]?.floats() == [1, 2])
        }
    }

    @Test func headersWithSizesInFrontAreRead() throws {
        let checkpoint = try open(file { $0.flags = 0 }.bytes)
        #expect(checkpoint["x"]?.floats() == [1, 2])
        try checkpoint.verify()
    }

    @Test func compressedAndEncryptedEntriesAreRefused() {
        #expect(refusal(file { $0.method = 8 }.bytes) == "entry \"archive/data/0\": is compressed (method 8); torch.save stores entries as they are")
        #expect(refusal(file { $0.flags |= 1 }.bytes) == "entry \"archive/data/0\": is encrypted")
        #expect(refusal(file { $0.flags |= 1 << 13 }.bytes) == "entry \"archive/data/0\": has the flags 0x2808, which a stored entry does not need")
        #expect(refusal(file { $0.compressedSize = 4 }.bytes) == "entry \"archive/data/0\": is stored, but has 4 bytes in the file for 8")
    }

    @Test func anEntrysOwnHeaderMustSayWhatTheDirectorySays() {
        for change in [
            { $0.localName = "archive/data/9" }, { $0.localMethod = 8 }, { $0.localSize = 7 },
        ] as [(inout ZipWriter.Entry) -> Void] {
            #expect(refusal(file(2, change).bytes)?.hasSuffix("contradicts the directory") == true)
        }
    }

    @Test func repeatedNamesAreRefused() {
        #expect(refusal(file { $0.name = "archive/version" }.bytes) == "entry \"archive/version\": is in the archive twice")
    }

    /// Two entries with one header between them: what a bomb of overlapping files is made of.
    @Test func overlappingEntriesAreRefused() {
        #expect(refusal(file(3) { $0.headerOffset = 0 }.bytes)?.contains("overlaps another entry") == true)
        var zip = file()
        zip.entries[3].headerOffset = 10  // inside the first one's header
        #expect(refusal(zip.bytes)?.contains("overlaps another entry") == true)
    }

    @Test func entriesOutsideTheFileAreRefused() {
        #expect(refusal(file { $0.headerOffset = 0x7fff_ffff }.bytes) == "entry \"archive/data/0\": its header at byte 2147483647 is outside the file")
        #expect(refusal(file { $0.isWide = true; $0.compressedSize = 8; $0.headerOffset = .max }.bytes)?.hasSuffix("is outside the file") == true)
    }

    @Test func theEndRecordMustCountTheEntriesAndFindThem() {
        var zip = file()
        zip.count = 3
        #expect(refusal(zip.bytes)?.contains("4 entries, but the end record counts 3") == true)
        zip = file()
        zip.directoryOffset = 1
        #expect(refusal(zip.bytes)?.contains("the directory is said to have") == true)
        zip.isWide = false
        #expect(refusal(zip.bytes)?.contains("the directory is said to have") == true)
    }

    @Test func nothingMayFollowTheEndRecord() {
        #expect(refusal(file().bytes + [0])?.hasPrefix("end of the file: no end-of-central-directory record there") == true)
    }

    /// PyTorch can be told to write none: all are 0 then. One alone that is 0 is wrong.
    @Test func anArchiveWithoutChecksumsIsRead() throws {
        var zip = file()
        for index in zip.entries.indices { zip.entries[index].checksum = 0 }
        let checkpoint = try open(zip.bytes)
        #expect(checkpoint["x"]?.floats() == [1, 2])
        try checkpoint.verify()
        #expect(refusal(file(0) { $0.checksum = 0 }.bytes)?.hasSuffix("the file is damaged") == true)
    }

    @Test func thePickleIsComparedWithItsChecksum() {
        #expect(refusal(file(0) { $0.checksum = 1 }.bytes)?.hasSuffix("the directory says 00000001: the file is damaged") == true)
    }
}
