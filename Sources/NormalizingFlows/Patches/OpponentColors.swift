/// How a prior of grey patches sees a picture: a grey one as it is; of colours the mean (R + G + B) / 3 and the opponent
/// colours (R − B) / √2 + ½ and (R − 2 G + B) / √6 + ½, each as a grey picture.
struct OpponentColors {
    /// Channels of the picture, 1 or 3, and as many views.
    let channels: Int

    private static let half = Float(0.5).squareRoot(), sixth = (1 / Float(6)).squareRoot()

    /// Writes each view of a pixel.
    ///
    /// - Parameters:
    ///   - pixel: of the first channel; `plane` numbers further on is the next one.
    ///   - views: of the first view, in the same way.
    @inline(__always) func see(_ pixel: UnsafePointer<Float>, _ views: UnsafeMutablePointer<Float>, plane: Int) {
        guard channels == 3 else {
            views[0] = pixel[0]
            return
        }
        let (r, g, b) = (pixel[0], pixel[plane], pixel[2 * plane])
        views[0] = (r + g + b) * (1 / Float(3))
        views[plane] = (r - b) * Self.half + 0.5
        views[2 * plane] = (r - 2 * g + b) * Self.sixth + 0.5
    }

    /// Moves a pixel such that its views move by `steps`, and keeps its channels in 0…1.
    @inline(__always) func move(
        _ pixel: UnsafeMutablePointer<Float>, by steps: (Float, Float, Float), plane: Int
    ) {
        guard channels == 3 else {
            pixel[0] = Self.clamped(pixel[0] + steps.0)
            return
        }
        let (light, red, green) = (steps.0, steps.1 * Self.half, steps.2 * Self.sixth)
        pixel[0] = Self.clamped(pixel[0] + light + red + green)
        pixel[plane] = Self.clamped(pixel[plane] + light - 2 * green)
        pixel[2 * plane] = Self.clamped(pixel[2 * plane] + light - red + green)
    }

    @inline(__always) private static func clamped(_ value: Float) -> Float { min(max(value, 0), 1) }
}

extension Picture {
    /// (views, rows, columns): how a prior of grey patches sees it.
    package var opponentColors: [Float] {
        let colors = OpponentColors(channels: channels), plane = rows * columns
        return [Float](unsafeUninitializedCapacity: values.count) { views, count in
            values.withUnsafeBufferPointer { values in
                guard let source = values.baseAddress, let target = views.baseAddress else { return }
                for place in 0..<plane { colors.see(source + place, target + place, plane: plane) }
            }
            count = values.count
        }
    }
}
