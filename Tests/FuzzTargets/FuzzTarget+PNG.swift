import API
import CZlib

extension FuzzTarget {
    /// A picture has a sample in 0…1 for each pixel; what is written of a photograph is the same photograph. Checksums are
    /// mended first, which no fuzzer finds.
    static func decodePNG(_ bytes: [UInt8]) throws(Finding) {
        let image: GrayscaleImage
        do throws(PNGError) {
            image = try PNG.decode(mended(bytes), atMost: PNG.Size(width: 64, height: 64))
        } catch {
            guard !error.description.contains(where: \.isNewline) else { throw Finding("\(error)") }
            return
        }
        guard image.samples.count == image.width * image.height, image.samples.allSatisfy({ 0...1 ~= $0 }) else {
            throw Finding("a picture without a sample in 0…1 for each of \(image.width) × \(image.height) pixels")
        }
        guard let photograph = try? PNG.decodePhotograph(mended(bytes), atMost: 4096) else { return }
        guard photograph.known == image.known, let written = try? PNG.encode(photograph),
            let again = try? PNG.decodePhotograph(written, atMost: 4096), again == photograph
        else { throw Finding("a photograph that is another once it is written") }
    }

    /// The same chunks, each with the checksum that belongs to it.
    private static func mended(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        var place = 8
        while place + 12 <= bytes.count {
            let length = bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
            guard length <= bytes.count - place - 12 else { break }
            let end = place + 8 + length
            let sum = bytes[(place + 4)..<end].withUnsafeBufferPointer { crc32(0, $0.baseAddress, uInt($0.count)) }
            for k in 0..<4 { bytes[end + k] = UInt8(truncatingIfNeeded: sum >> (24 - 8 * UInt(k))) }
            place = end + 4
        }
        return bytes
    }

    /// A picture of each colour type, small.
    static let pictures: [[UInt8]] =
        ([
            (0, 1, [0, 0b1010_0000, 0, 0b0101_0000]), (0, 16, [0, 1, 2, 3, 4, 0, 5, 6, 7, 8]),
            (2, 8, [1, 1, 2, 3, 4, 5, 6, 2, 1, 1, 1, 1, 1, 1]), (3, 8, [3, 0, 1, 4, 1, 0]),
            (4, 8, [0, 1, 255, 2, 0, 0, 3, 4, 5, 6]), (6, 8, [0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8]),
        ] as [(UInt8, UInt8, [UInt8])]).map { kind, depth, rows in
            let header: [UInt8] = [0, 0, 0, 2, 0, 0, 0, 2, depth, kind, 0, 0, 0]
            let palette = kind == 3 ? chunk("PLTE", [0, 0, 0, 255, 255, 255]) + chunk("tRNS", [0]) : []
            return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", header) + palette
                + chunk("IDAT", deflated(rows)) + chunk("IEND", [])
        }

    /// Its checksum is mended when it is read.
    private static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
        [0, 0, UInt8(data.count >> 8), UInt8(data.count & 255)] + Array(type.utf8) + data + [0, 0, 0, 0]
    }

    private static func deflated(_ bytes: [UInt8]) -> [UInt8] {
        var count = compressBound(uLong(bytes.count))
        var deflated = [UInt8](repeating: 0, count: Int(count))
        compress(&deflated, &count, bytes, uLong(bytes.count))
        return Array(deflated[..<Int(count)])
    }
}
