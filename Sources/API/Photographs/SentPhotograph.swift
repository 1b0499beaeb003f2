import NormalizingFlows

/// A photograph as a client sent it, in the very numbers that were sent.
struct SentPhotograph: Sendable {
    enum Pixels: Sendable {
        /// Of a PNG.
        case file(Photograph)
        /// Of JSON: (height · width · channels), row by row, the channels of a pixel side by side; 0 where one is missing.
        case numbers([Double])
    }

    let size: PNG.Size
    /// 1 for grey; 3 for red, green and blue.
    let channels: Int
    let pixels: Pixels
    /// (height · width)
    var known: [Bool]

    init(_ file: Photograph) {
        size = file.size
        channels = file.channels
        known = file.known
        pixels = .file(file)
    }

    init(size: PNG.Size, channels: Int, numbers: [Double], known: [Bool]) {
        self.size = size
        self.channels = channels
        self.known = known
        pixels = .numbers(numbers)
    }

    var missingPixels: Int { known.count { !$0 } }
    var isFile: Bool { if case .file = pixels { true } else { false } }

    /// A pixel's sample in 0…1.
    func value(_ pixel: Int, _ channel: Int) -> Double {
        switch pixels {
        case .file(let file): Double(file.samples[pixel * channels + channel]) / Double(file.white)
        case .numbers(let numbers): numbers[pixel * channels + channel]
        }
    }

    /// What an ascent fills.
    var picture: Picture {
        let count = size.pixels
        var values = [Float](repeating: 0, count: channels * count)
        for channel in 0..<channels {
            for pixel in 0..<count where known[pixel] {
                values[channel * count + pixel] = Float(value(pixel, channel))
            }
        }
        return Picture(
            rows: size.height, columns: size.width, channels: channels, values: values, missing: known.map { !$0 })
    }

    /// Bytes that filling it takes at most, what was sent included: of each pixel its channels as they were sent, as they
    /// are seen and the gradient; and while the start is found some numbers more for each channel at a time.
    var memory: Int {
        let fills = min(PatchAscent.mostFills(pixels: size.pixels), channels)
        return size.pixels * (7 + 18 * channels + 19 * fills) + missingPixels * (8 + 32 * fills)
    }
}
