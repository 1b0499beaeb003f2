public import NormalizingFlows

extension Photograph {
    /// Its samples in 0…1, channel by channel.
    public var picture: Picture {
        let scale = 1 / Double(white)
        var values: [Float] = []
        values.reserveCapacity(samples.count)
        for channel in 0..<channels {
            for pixel in 0..<size.pixels { values.append(Float(Double(samples[pixel * channels + channel]) * scale)) }
        }
        return Picture(
            rows: size.height, columns: size.width, channels: channels, values: values, missing: known.map { !$0 })
    }

    /// Numbers of each channel's pixels, in the order of its samples.
    package func interleaved(_ values: [Float]) -> [Double] {
        (0..<samples.count).map { Double(values[$0 % channels * size.pixels + $0 / channels]) }
    }

    /// The same with its missing pixels filled.
    ///
    /// - Parameter values: (channels, rows, columns) in 0…1.
    package func filled(_ values: [Float]) -> Photograph {
        var result = self
        for pixel in 0..<size.pixels where !known[pixel] {
            for channel in 0..<channels {
                result.samples[pixel * channels + channel] = sample(of: Double(values[channel * size.pixels + pixel]))
            }
            result.known[pixel] = true
            if !alpha.isEmpty { result.alpha[pixel] = 255 }
        }
        return result
    }
}
