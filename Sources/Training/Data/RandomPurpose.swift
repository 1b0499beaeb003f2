import Statistics

/// What random numbers are drawn for. Each purpose, epoch and part has a Philox stream of its own, and within it an
/// image has numbers of its own: what is drawn depends on nothing else.
enum RandomPurpose: UInt64 {
    case initialization = 1, split, order, dequantization, augmentation, dropout, evaluation, noise, holes
    case evaluationHoles, noiseLevels, levelNoise

    /// - Parameters:
    ///   - epoch: less than 2³².
    ///   - part: less than 2¹⁶.
    func stream(epoch: Int = 0, part: Int = 0) -> UInt64 {
        rawValue << 48 | UInt64(part & 0xffff) << 32 | UInt64(epoch & 0xffff_ffff)
    }
}
