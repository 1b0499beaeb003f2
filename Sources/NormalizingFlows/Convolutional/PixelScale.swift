import LinearAlgebra
import Statistics

/// How pixels become the numbers that a flow of invertible convolutions begins with.
public enum PixelScale: String, Sendable, Hashable, CaseIterable {
    /// y = x.
    case linear
    /// y = log(u / (1 − u)) / 4 with u = α + (1 − 2α) x: takes pixels in 0…1 to numbers of the order of 1 (Dinh,
    /// Sohl-Dickstein, Bengio, "Density Estimation Using Real NVP", 2017, 4.1). A dequantized image's black lies within
    /// 1/256 of 0, its ink anywhere: on this scale both are about as wide.
    case logit

    /// α.
    static let margin: Float = 1e-4
    private static let spread: Float = 0.25
    /// log((1 − 2α) / 4).
    private static let logFactor: Float = -1.38649438

    /// One image's y, and log dy/dx of each pixel.
    ///
    /// - Parameter room: 2 · count numbers.
    func encode(
        _ x: UnsafePointer<Float>, count: Int, into y: UnsafeMutablePointer<Float>,
        logSlopes: UnsafeMutablePointer<Float>, room: UnsafeMutablePointer<Float>
    ) {
        guard self == .logit else {
            y.update(from: x, count: count)
            logSlopes.update(repeating: 0, count: count)
            return
        }
        for k in 0..<count {
            room[k] = Self.margin + (1 - 2 * Self.margin) * x[k]
            room[count + k] = 1 - room[k]
        }
        let both = UnsafeMutableBufferPointer(start: room, count: 2 * count)
        SingleElementaryFunction.log.apply(to: UnsafeBufferPointer(both), into: both)
        for k in 0..<count {
            y[k] = (room[k] - room[count + k]) * Self.spread
            logSlopes[k] = Self.logFactor - room[k] - room[count + k]
        }
    }

    /// The gradient with respect to x, of what has the gradient `slope` with respect to y and to which log dy/dx
    /// contributes `weight` times.
    func slope(_ slope: Float, weight: Float, at x: Float) -> Float {
        guard self == .logit else { return slope }
        let u = Self.margin + (1 - 2 * Self.margin) * x
        let low = 1 / u, high = 1 / (1 - u)
        return (1 - 2 * Self.margin) * (slope * Self.spread * (low + high) + weight * (high - low))
    }

    /// x of y, in place, and log dy/dx.
    ///
    /// - Parameter logSlopes: `count` numbers.
    func decode(_ y: UnsafeMutablePointer<Float>, count: Int, logSlopes: UnsafeMutablePointer<Float>) {
        guard self == .logit else {
            logSlopes.update(repeating: 0, count: count)
            return
        }
        for k in 0..<count {
            y[k] *= 1 / Self.spread
            logSlopes[k] = -y[k].magnitude
        }
        // log u + log(1 − u) = −|q| − 2 log(1 + e^−|q|) with q = 4 y.
        let slopes = UnsafeMutableBufferPointer(start: logSlopes, count: count)
        SingleElementaryFunction.softplus.apply(to: UnsafeBufferPointer(slopes), into: slopes)
        for k in 0..<count { logSlopes[k] = Self.logFactor + y[k].magnitude + 2 * logSlopes[k] }
        let all = UnsafeMutableBufferPointer(start: y, count: count)
        SingleElementaryFunction.sigmoid.apply(to: UnsafeBufferPointer(all), into: all)
        for k in 0..<count { y[k] = (y[k] - Self.margin) / (1 - 2 * Self.margin) }
    }
}
