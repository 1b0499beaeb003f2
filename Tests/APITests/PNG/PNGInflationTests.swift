import API
import CZlib
import Testing

@Suite struct PNGInflationTests {
    /// A picture of 9 × 7 whose data is that of the rows and `extra` zeros after them.
    private func picture(extra: Int, interlaced: Bool = false) -> [UInt8] {
        var file = PNGErrorTests.sound
        file.interlaced = interlaced
        let rows = file.scanlines + [UInt8](repeating: 0, count: extra)
        var size = compressBound(uLong(rows.count))
        var data = [UInt8](repeating: 0, count: Int(size))
        compress2(&data, &size, rows, uLong(rows.count), 9)
        return PNGFile.file(
            [("IHDR", file.header)] + file.before + [("IDAT", Array(data.prefix(Int(size)))), ("IEND", [])])
    }

    @Test(arguments: [false, true])
    func dataThatGoesOnAfterTheLastPixelIsRefused(interlaced: Bool) throws {
        let size = PNGErrorTests.size
        _ = try PNG.decode(picture(extra: 0, interlaced: interlaced), expecting: size)
        // The last is a hundred kilobytes of file for a hundred megabytes of zeros.
        for extra in [1, 1000, 100_000_000] {
            #expect(throws: PNGError.malformed(reason: "its data goes on after the last pixel")) {
                try PNG.decode(picture(extra: extra, interlaced: interlaced), expecting: size)
            }
        }
    }

    /// No more than the rows is inflated, however much there is: a stream that is damaged behind them shows it.
    @Test func whatFollowsIsNotLookedAt() {
        var bytes = picture(extra: 10_000_000)
        let place = bytes.count / 2
        for k in place..<place + 100 { bytes[k] ^= 0x5A }
        // The chunk's checksum has to fit the damage.
        let start = bytes.indices.first { bytes[$0...].starts(with: "IDAT".utf8) } ?? 0
        let end = bytes.count - 16
        bytes.replaceSubrange(end..<end + 4, with: PNGFile.bigEndian(Int(PNGFile.crc(Array(bytes[start..<end])))))
        #expect(throws: PNGError.malformed(reason: "its data goes on after the last pixel")) {
            try PNG.decode(bytes, expecting: PNGErrorTests.size)
        }
    }
}
