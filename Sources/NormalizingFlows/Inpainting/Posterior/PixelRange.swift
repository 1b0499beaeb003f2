/// Where a sampler may take missing pixels.
public enum PixelRange: Sendable, Hashable {
    /// 0…1: the density is restricted to it.
    case unitInterval
    /// Anywhere: for a model of images with noise, which leaves 0…1.
    case unbounded

    /// Folds numbers into the range as mirrors at 0 and 1 would: −0.2 to 0.2, 1.3 to 0.7.
    ///
    /// - Parameter signs: becomes −1 where the number was mirrored an odd number of times, else 1.
    func fold(_ values: inout [Double], signs: inout [Double]) {
        guard self == .unitInterval else { return }
        for k in values.indices {
            // The distance to the nearest even number.
            let even = 2 * (values[k] / 2).rounded(.toNearestOrEven), distance = values[k] - even
            signs[k] = distance < 0 ? -1 : 1
            values[k] = distance.magnitude
        }
    }
}
