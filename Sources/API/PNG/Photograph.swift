/// A picture of any size, grey or in colours, in the very numbers of its file; some of its pixels may be missing.
public struct Photograph: Hashable, Sendable {
    public let size: PNG.Size
    /// 1 for grey; 3 for red, green and blue.
    public let channels: Int
    /// Bits a channel, 8 or 16.
    public let depth: Int
    /// (height · width · channels) from 0 to `white`. A missing pixel's samples mean nothing.
    public var samples: [UInt16]
    /// (height · width) whether each pixel is there: at least half opaque.
    public var known: [Bool]
    /// (height · width) opacity, from 0 to 255; empty where all known pixels are opaque.
    public internal(set) var alpha: [UInt8] = []
    /// The chunks that a PNG made of it has beside its pixels.
    var metadata: [UInt8] = []
    /// Whether a known pixel's colours are rounded, for it is partly transparent and has 16 bits a channel.
    private var isRounded = false

    public var white: Int { depth == 16 ? 65_535 : 255 }

    /// A picture without missing pixels.
    public init(size: PNG.Size, channels: Int, depth: Int = 8, samples: [UInt16]) {
        precondition((channels == 1 || channels == 3) && (depth == 8 || depth == 16))
        precondition(samples.count == size.pixels * channels, "one sample a pixel and channel")
        self.size = size
        self.channels = channels
        self.depth = depth
        self.samples = samples
        known = Array(repeating: true, count: size.pixels)
    }

    /// The number of a sample: round(white · v), halves away from zero, of v clamped to 0…1; 0 for what is not a number.
    public func sample(of value: Double) -> UInt16 {
        UInt16((Double(white) * min(max(0, value), 1)).rounded(.toNearestOrAwayFromZero))
    }

    /// Drops an alpha channel that says no more than `known` does.
    mutating func settleAlpha() throws(PNGError) {
        if isRounded {
            throw .unsupported(
                reason: "has 16 bits a channel and pixels that are partly transparent",
                advice: "save it with 8 bits, or with pixels that are either opaque or transparent")
        }
        if zip(alpha, known).allSatisfy({ $0 == 255 || !$1 }) { alpha = [] }
    }
}

extension Photograph: PNGPicture {
    init(size: PNG.Size, isColor: Bool, depth: Int) {
        let channels = isColor ? 3 : 1
        self.init(
            size: size, channels: channels, depth: depth, samples: Array(repeating: 0, count: size.pixels * channels))
        known = Array(repeating: false, count: size.pixels)
        if depth == 8 { alpha = Array(repeating: 0, count: size.pixels) }
    }

    mutating func set(_ pixel: Int, to color: PNGColor) {
        known[pixel] = true
        if channels == 1 {
            samples[pixel] = UInt16(color.red)
        } else {
            samples[3 * pixel] = UInt16(color.red)
            samples[3 * pixel + 1] = UInt16(color.green)
            samples[3 * pixel + 2] = UInt16(color.blue)
        }
        if depth == 8 {
            alpha[pixel] = UInt8(color.alpha)
        } else if color.alpha < color.white {
            isRounded = true
        }
    }
}
