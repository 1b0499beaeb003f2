/// A grey picture some of whose pixels may be missing.
public struct GrayscaleImage: Hashable, Sendable {
    public let size: PNG.Size
    /// (height · width) row-major, 0 is black, 1 is white. A missing pixel's sample means nothing.
    public var samples: [Double]
    /// (height · width) whether each pixel is there; false where it is missing.
    public var known: [Bool]

    public var width: Int { size.width }
    public var height: Int { size.height }

    public init(size: PNG.Size, samples: [Double], known: [Bool]) {
        precondition(samples.count == size.pixels, "one sample a pixel")
        precondition(known.count == size.pixels, "one known a pixel")
        self.size = size
        self.samples = samples
        self.known = known
    }

    /// A picture without missing pixels.
    public init(size: PNG.Size, samples: [Double]) {
        self.init(
            size: size, samples: samples, known: Array(repeating: true, count: size.pixels))
    }
}

extension GrayscaleImage: PNGPicture {
    /// All pixels missing; the file's colours and depth do not matter.
    init(size: PNG.Size, isColor: Bool, depth: Int) {
        self.init(
            size: size, samples: Array(repeating: 0, count: size.pixels),
            known: Array(repeating: false, count: size.pixels))
    }

    mutating func set(_ pixel: Int, to color: PNGColor) {
        (samples[pixel], known[pixel]) = (color.luma, true)
    }
}
