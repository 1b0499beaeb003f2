import NormalizingFlows
import Testing

@Suite struct MappedBytesTests {
    let bytes: MappedBytes

    init() throws {
        let directory = TemporaryDirectory()
        bytes = try MappedFile(directory.write([0, 1, 2, 3, 4, 5, 6, 0xc3, 0xa9, 0xff])).bytes
    }

    @Test func aPartOfAPartStaysInsideIt() throws {
        let part = try #require(bytes.slice(at: 2, count: 4))
        #expect(part.withUnsafeBytes { Array($0) } == [2, 3, 4, 5])
        let inner = try #require(part.slice(at: 1, count: 3))
        #expect(inner.offset == 3)
        #expect(inner.withUnsafeBytes { Array($0) } == [3, 4, 5])
        #expect(part.slice(at: 1, count: 4) == nil)
        #expect(part.slice(at: 4, count: 0)?.count == 0)
    }

    @Test func noArgumentsReachOutside() {
        for start in [Int.min, -1, 0, 9, 10, 11, .max] {
            for count in [Int.min, -1, 0, 1, 10, 11, .max] {
                let isInside = start >= 0 && count >= 0 && start <= 10 && count <= 10 - start
                #expect((bytes.slice(at: start, count: count) != nil) == isInside)
            }
        }
    }

    @Test func integersAreLittleEndianAndNeedAllOfTheirBytes() {
        #expect(bytes.integer(at: 1, as: UInt16.self) == 0x0201)
        #expect(bytes.integer(at: 1, as: UInt32.self) == 0x0403_0201)
        #expect(bytes.integer(at: 9, as: Int8.self) == -1)
        #expect(bytes.integer(at: 9, as: UInt16.self) == nil)
        #expect(bytes.integer(at: .max, as: UInt64.self) == nil)
        #expect(bytes.integer(at: -1, as: UInt8.self) == nil)
    }

    @Test func textIsUTF8() {
        #expect(bytes.text(at: 7, count: 2) == "é")
        #expect(bytes.text(at: 7, count: 1) == nil)
        #expect(bytes.text(at: 9, count: 1) == nil)
        #expect(bytes.text(at: 9, count: 2) == nil)
    }
}
