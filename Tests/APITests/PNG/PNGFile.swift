import API

/// Writes PNG files of every kind, sound or not, from the specification and without libpng.
struct PNGFile {
    enum Color: UInt8 {
        case gray = 0
        case rgb = 2
        case palette = 3
        case grayAlpha = 4
        case rgba = 6

        var channels: Int {
            switch self {
            case .gray, .palette: 1
            case .grayAlpha: 2
            case .rgb: 3
            case .rgba: 4
            }
        }
    }

    var width: Int
    var height: Int
    var depth: Int
    var color: Color
    /// (height · width · channels) row-major.
    var samples: [Int]
    var interlaced = false
    /// Chunks between the header and the pixels.
    var before: [(type: String, data: [UInt8])] = []

    var bytes: [UInt8] { Self.file(chunks) }

    var chunks: [(type: String, data: [UInt8])] {
        [("IHDR", header)] + before + [("IDAT", Self.zlib(scanlines)), ("IEND", [])]
    }

    var header: [UInt8] {
        Self.bigEndian(width) + Self.bigEndian(height)
            + [UInt8(depth), color.rawValue, 0, 0, interlaced ? 1 : 0]
    }

    static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    static func file(_ chunks: [(type: String, data: [UInt8])]) -> [UInt8] {
        chunks.reduce(signature) { $0 + chunk($1.type, $1.data) }
    }

    static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
        let body = Array(type.utf8) + data
        return bigEndian(data.count) + body + bigEndian(Int(crc(body)))
    }

    /// The remainder bit by bit, as the specification words it.
    static func crc(_ bytes: [UInt8]) -> UInt32 {
        var remainder = UInt32.max
        for byte in bytes {
            remainder ^= UInt32(byte)
            for _ in 0..<8 {
                let lowest = remainder & 1
                remainder >>= 1
                if lowest == 1 { remainder ^= 0xEDB8_8320 }
            }
        }
        return ~remainder
    }

    static func bigEndian(_ value: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    /// A zlib stream (RFC 1950) of stored blocks.
    static func zlib(_ bytes: [UInt8]) -> [UInt8] {
        var stream: [UInt8] = [0x78, 0x01]
        var start = 0
        repeat {
            let block = bytes[start..<min(start + 0xFFFF, bytes.count)]
            start = block.endIndex
            let low = UInt8(block.count & 0xFF)
            let high = UInt8(block.count >> 8)
            stream += [start == bytes.count ? 1 : 0, low, high, ~low, ~high] + block
        } while start < bytes.count
        var (a, b) = (1, 0)
        for byte in bytes {
            a = (a + Int(byte)) % 65521
            b = (b + a) % 65521
        }
        return stream + bigEndian(b << 16 | a)
    }

    /// Rows without a filter; where interlaced those of Adam7's seven pictures.
    var scanlines: [UInt8] {
        if !interlaced { return scanlines(x: (0, 1), y: (0, 1)) }
        let passes = [
            ((0, 8), (0, 8)), ((4, 8), (0, 8)), ((0, 4), (4, 8)), ((2, 4), (0, 4)),
            ((0, 2), (2, 4)), ((1, 2), (0, 2)), ((0, 1), (1, 2)),
        ]
        return passes.flatMap { x, y in width > x.0 ? scanlines(x: x, y: y) : [] }
    }

    private func scanlines(x: (Int, Int), y: (Int, Int)) -> [UInt8] {
        var lines: [UInt8] = []
        for row in stride(from: y.0, to: height, by: y.1) {
            var line: [UInt8] = []
            var bits = 0
            for column in stride(from: x.0, to: width, by: x.1) {
                for channel in 0..<color.channels {
                    let sample = samples[(row * width + column) * color.channels + channel]
                    if depth == 16 {
                        line += [UInt8(sample >> 8), UInt8(sample & 0xFF)]
                    } else {
                        if bits % 8 == 0 { line.append(0) }
                        line[line.count - 1] |= UInt8(sample << (8 - depth - bits % 8))
                        bits += depth
                    }
                }
            }
            lines += [0] + line
        }
        return lines
    }
}

/// The first index at which two long arrays differ, or nil. A failed comparison of the arrays
/// themselves would print and match them up at length.
func firstDifference<Element: Equatable>(_ one: [Element], _ other: [Element]) -> Int? {
    if one == other { return nil }
    return zip(one, other).enumerated().first { $1.0 != $1.1 }?.offset
        ?? min(one.count, other.count)
}

/// The first pixel in which two pictures differ, or nil; -1 where their sizes do.
func firstDifference(_ one: GrayscaleImage, _ other: GrayscaleImage) -> Int? {
    if one.size != other.size { return -1 }
    return firstDifference(one.samples, other.samples) ?? firstDifference(one.known, other.known)
}
