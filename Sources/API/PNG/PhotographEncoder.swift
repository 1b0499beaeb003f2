import Zlib

/// Makes a PNG of a photograph as its own file was, some rows at a time: as many channels and bits, gamma, colour profile,
/// orientation and texts. Missing pixels are transparent; those that were so in part are so again.
///
/// For pictures of which the compression takes long; libpng, which makes the small ones, does that in one piece.
public final class PhotographEncoder {
    private let photograph: Photograph
    private let hasAlpha: Bool
    private let pixelBytes: Int
    private var deflater: Deflater
    private var row = 0
    /// The row before, unfiltered.
    private var previous: [UInt8]
    private var file: [UInt8]
    /// What has been compressed and stands in no chunk yet.
    private var pending: [UInt8] = []

    /// Half of zlib's own choice: photographs are hardly smaller with more.
    private static let level = 4
    private static let chunkSize = 64 << 10

    /// - Throws: `ZlibError` where there is no memory.
    public init(_ photograph: Photograph) throws(ZlibError) {
        self.photograph = photograph
        hasAlpha = !photograph.alpha.isEmpty || photograph.known.contains(false)
        let channels = photograph.channels + (hasAlpha ? 1 : 0)
        pixelBytes = channels * photograph.depth / 8
        deflater = try Deflater(level: Self.level, .zlib)
        previous = Array(repeating: 0, count: photograph.size.width * pixelBytes)
        file = PNG.signature
        let colorType: UInt8 = (photograph.channels == 3 ? 2 : 0) + (hasAlpha ? 4 : 0)
        append(
            "IHDR",
            Self.bigEndian(photograph.size.width) + Self.bigEndian(photograph.size.height)
                + [UInt8(photograph.depth), colorType, 0, 0, 0])
        file += photograph.metadata
    }

    /// Goes on by about so many pixels.
    ///
    /// - Returns: the file at its end, nil before.
    public func advance(pixels: Int) -> [UInt8]? {
        let size = photograph.size
        var lines: [UInt8] = []
        let rows = max(1, pixels / size.width)
        for _ in 0..<min(rows, size.height - row) {
            let line = line(row)
            lines += filtered(line)
            previous = line
            row += 1
        }
        let isLast = row == size.height
        if isLast { deflater.finish(lines[...], into: &pending) } else { deflater.append(lines[...], into: &pending) }
        guard isLast || pending.count >= Self.chunkSize else { return nil }
        append("IDAT", pending)
        pending = []
        guard isLast else { return nil }
        append("IEND", [])
        return file
    }

    /// The bytes of a row, the most significant of a sample first.
    private func line(_ row: Int) -> [UInt8] {
        let width = photograph.size.width, channels = photograph.channels, isDeep = photograph.depth == 16
        var line: [UInt8] = []
        line.reserveCapacity(width * pixelBytes)
        func append(_ sample: UInt16) {
            if isDeep { line.append(UInt8(sample >> 8)) }
            line.append(UInt8(truncatingIfNeeded: sample))
        }
        for pixel in row * width..<(row + 1) * width {
            let isKnown = photograph.known[pixel]
            for channel in 0..<channels { append(isKnown ? photograph.samples[pixel * channels + channel] : 0) }
            guard hasAlpha else { continue }
            let opaque = UInt16(photograph.white)
            append(isKnown ? (photograph.alpha.isEmpty ? opaque : UInt16(photograph.alpha[pixel])) : 0)
        }
        return line
    }

    /// The row with the filter before it that leaves the smallest differences (W3C 2025, section 9 and 12.7).
    private func filtered(_ line: [UInt8]) -> [UInt8] {
        var best: [UInt8] = [], least = Int.max
        for filter in 0..<5 as Range<UInt8> {
            let candidate = filtered(line, filter)
            let sum = candidate.reduce(0) { $0 + Int(Int8(bitPattern: $1).magnitude) }
            if sum < least { (best, least) = (candidate, sum) }
        }
        return best
    }

    private func filtered(_ line: [UInt8], _ filter: UInt8) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: line.count + 1) { result, count in
            result[0] = filter
            for k in line.indices {
                let left = k >= pixelBytes ? Int(line[k - pixelBytes]) : 0, above = Int(previous[k])
                let corner = k >= pixelBytes ? Int(previous[k - pixelBytes]) : 0
                let guess: Int
                switch filter {
                case 1: guess = left
                case 2: guess = above
                case 3: guess = (left + above) / 2
                case 4: guess = Self.paeth(left, above, corner)
                default: guess = 0
                }
                result[k + 1] = line[k] &- UInt8(truncatingIfNeeded: guess)
            }
            count = line.count + 1
        }
    }

    private static func paeth(_ left: Int, _ above: Int, _ corner: Int) -> Int {
        let sum = left + above - corner
        let (a, b, c) = ((sum - left).magnitude, (sum - above).magnitude, (sum - corner).magnitude)
        return a <= b && a <= c ? left : b <= c ? above : corner
    }

    private func append(_ type: String, _ data: [UInt8]) {
        let start = file.count
        file += Self.bigEndian(data.count)
        file += type.utf8
        file += data
        file += Self.bigEndian(Int(CRC32.checksum(of: file[(start + 4)...])))
    }

    private static func bigEndian(_ value: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }
}

extension PNG {
    /// A PNG of a photograph, in one piece.
    ///
    /// - Throws: `ZlibError` where there is no memory.
    public static func encode(_ photograph: Photograph) throws(ZlibError) -> [UInt8] {
        let encoder = try PhotographEncoder(photograph)
        while true {
            if let file = encoder.advance(pixels: photograph.size.pixels) { return file }
        }
    }
}
