/// Which images a batch shows: what a flow's own random numbers, dropped units and missing pixels, depend on.
public struct ShownImages: Sendable {
    /// The run's.
    public let seed: UInt64
    /// nil where the images are evaluated: then each always has the same random numbers.
    public let epoch: Int?
    /// The number of each image in its set.
    public let numbers: [Int]
    /// The share of hidden units that is left out.
    public let dropoutRate: Double

    package init(seed: UInt64, epoch: Int?, numbers: [Int], dropoutRate: Double = 0) {
        self.seed = seed
        self.epoch = epoch
        self.numbers = numbers
        self.dropoutRate = dropoutRate
    }

    public var count: Int { numbers.count }
}
