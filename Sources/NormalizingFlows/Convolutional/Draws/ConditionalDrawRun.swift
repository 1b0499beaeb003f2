import LinearAlgebra
import Statistics

/// Draws of an image's missing pixels given the known ones by a conditional flow, which somebody else makes a piece at a
/// time: `take` a piece, `ConditionalDrawPass.make` it, `put` it back.
///
/// Draw i is a pure function of the image, the mask and (seed, i). What comes out depends neither on the order of the
/// pieces nor on who makes them.
public struct ConditionalDrawRun: Sendable {
    public let model: ConvolutionalModel
    /// D pixels in row-major order, grey levels from 0 to 1. The values of missing pixels do not matter.
    public let image: [Float]
    /// True where the pixel is known. D entries.
    public let known: [Bool]
    /// Draws, ≥ 1.
    public let samples: Int
    public let seed: UInt64
    /// Report every so many draws; 0 = never.
    public let reportEvery: Int

    /// What the known pixels say, once it has been computed.
    private var conditions: ConvolutionalConditions?
    private var isPreparing = false
    /// The next draw that nobody has taken.
    private var next = 0
    /// Pieces whose predecessors are not all there yet, by their first draw.
    private var early: [Int: Made] = [:]
    /// Draws that are there with all their predecessors: (made, missing pixels). They go a little beyond 0…1, as the
    /// dequantized images do that the model knows.
    private var drawn: [Float] = []
    /// log p(missing | known) of each of them, in nats of the dequantized image.
    public private(set) var logLikelihoods: [Double] = []
    /// What is told of them: their first `reported`.
    public private(set) var reported = 0
    /// The mean of their log p after each `reportEvery` of them, as far as they are reported.
    public private(set) var trace: [InpaintingRun.TracePoint] = []
    /// The places of the missing pixels.
    public let missing: [Int]

    /// Draws in a piece: enough for dense products, few enough to stay in the nearer caches.
    public static let piece = 8
    /// Streams of the draws' latents.
    private static let stream: UInt64 = 3

    /// - Precondition: the model is conditional, `image` and `known` have its D entries, `samples` is at least 1.
    public init(
        _ model: ConvolutionalModel, image: [Float], known: [Bool], samples: Int, seed: UInt64, reportEvery: Int = 0
    ) {
        let dimension = model.architecture.dimension
        precondition(model.architecture.conditioner != nil && samples >= 1)
        precondition(image.count == dimension && known.count == dimension)
        self.model = model
        self.image = image
        self.known = known
        self.samples = samples
        self.seed = seed
        self.reportEvery = reportEvery
        missing = known.indices.filter { !known[$0] }
    }

    /// What is to be done next.
    public enum Piece: Sendable {
        /// Nothing can begin before it.
        case conditions
        case draws(Range<Int>, given: ConvolutionalConditions)
    }

    /// What was made of a piece.
    public enum Made: Sendable {
        case conditions(ConvolutionalConditions)
        /// (draws, missing pixels), as the model has them, and log p of each.
        case draws(Range<Int>, pixels: [Float], logLikelihoods: [Double])
    }

    /// Draws that are there with all their predecessors.
    public var count: Int { logLikelihoods.count }
    public var isOver: Bool { count == samples }
    /// Whether there is no piece to take: all are in others' hands, or wait for what the known pixels say.
    public var isExhausted: Bool { conditions == nil ? isPreparing : next == samples }

    /// Pieces of draws that there are in all.
    public var pieces: Int { (samples + Self.piece - 1) / Self.piece }

    public mutating func take() -> Piece? {
        guard let conditions else {
            defer { isPreparing = true }
            return isPreparing ? nil : .conditions
        }
        guard next < samples else { return nil }
        let first = next
        next = min(first + Self.piece, samples)
        return .draws(first..<next, given: conditions)
    }

    /// Gives back what was made of a piece.
    ///
    /// - Parameter report: called with the run as it is after each `reportEvery` draws, in order.
    public mutating func put(_ made: Made, report: (ConditionalDrawRun) -> Void = { _ in }) {
        switch made {
        case .conditions(let conditions): self.conditions = conditions
        case .draws(let range, _, _): early[range.lowerBound] = made
        }
        while case .draws(_, let pixels, let values)? = early.removeValue(forKey: count) {
            drawn += pixels
            logLikelihoods += values
        }
        let interval = reportEvery
        guard interval > 0 else {
            reported = count
            return
        }
        while reported + interval <= count {
            reported += interval
            if let value = logLikelihood {
                trace.append(InpaintingRun.TracePoint(iteration: reported, logLikelihood: value))
            }
            report(self)
        }
        if isOver { reported = count }
    }

    /// The run as it tells of all draws that are there with their predecessors: for one that was interrupted.
    public func reportingAll() -> ConditionalDrawRun {
        var copy = self
        copy.reported = count
        return copy
    }

    /// The mean of log p over the reported draws; nil before the first.
    public var logLikelihood: Double? {
        reported == 0 ? nil : logLikelihoods[..<reported].reduce(0, +) / Double(reported)
    }

    /// A draw: D pixels from 0 to 1, the known ones as they were given.
    public func draw(_ index: Int) -> [Float] { filled(numbers(of: index).map(GreyLevel.held)) }

    /// Its missing pixels before they are held to 0…1, in the order of `missing`.
    package func numbers(of index: Int) -> ArraySlice<Float> {
        drawn[index * missing.count..<(index + 1) * missing.count]
    }

    private func filled(_ values: [Float]) -> [Float] {
        var image = image
        for (k, value) in zip(missing, values) { image[k] = value }
        return image
    }
}

extension ConditionalDrawRun {
    /// The image with the mean of the reported draws in its missing pixels, the estimate of least squared error. D pixels.
    public var meanImage: [Float] {
        filled(missing.indices.map { j in reported == 0 ? 0 : Float(values(of: j).reduce(0, +) / Double(reported)) })
    }

    /// The deviation of the reported draws at missing pixels, 0 at known ones. D numbers.
    public var standardDeviation: [Float] {
        var result = [Float](repeating: 0, count: image.count)
        guard reported > 1 else { return result }
        for (j, k) in missing.enumerated() {
            let values = values(of: j), mean = values.reduce(0, +) / Double(reported)
            let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            result[k] = Float((squares / Double(reported - 1)).squareRoot())
        }
        return result
    }

    /// The interval between the draws' quantiles that a further draw falls into with probability `level`, of each missing
    /// pixel, in the order of `missing`; nil where there are too few draws for it. Its ends may lie a little beyond 0…1.
    public func intervals(level: Double) -> [ClosedRange<Double>]? {
        guard let places = Self.places(level: level, of: reported) else { return nil }
        return missing.indices.map { j in Self.interval(numbers(at: j), places) }
    }

    /// The same for the sum of the missing pixels.
    public func sumInterval(level: Double) -> ClosedRange<Double>? {
        guard let places = Self.places(level: level, of: reported) else { return nil }
        let sums = (0..<reported).map { numbers(of: $0).reduce(0.0) { $0 + Double($1) } }
        return Self.interval(sums, places)
    }

    /// A missing pixel of the reported draws.
    private func values(of j: Int) -> [Double] { numbers(at: j).map { min(max($0, 0), 1) } }

    private func numbers(at j: Int) -> [Double] {
        (0..<reported).map { Double(drawn[$0 * missing.count + j]) }
    }

    /// Between which of n sorted draws, counted from 0, the interval lies. The k-th smallest of n exchangeable draws
    /// exceeds a further one with probability k / (n + 1).
    private static func places(level: Double, of count: Int) -> (lower: Double, upper: Double)? {
        let tail = (1 - level) / 2 * Double(count + 1)
        // 0.9 of 19 draws is all of them, though not in floating point.
        guard tail >= 1 - 1e-9, tail <= Double(count + 1) / 2 else { return nil }
        return (max(tail - 1, 0), min(Double(count) - tail, Double(count - 1)))
    }

    private static func interval(
        _ values: [Double], _ places: (lower: Double, upper: Double)
    ) -> ClosedRange<Double> {
        let sorted = values.sorted()
        func quantile(_ place: Double) -> Double {
            let below = Int(place), above = min(below + 1, sorted.count - 1)
            return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
        }
        let lower = quantile(places.lower)
        return lower...max(lower, quantile(places.upper))
    }

    /// The latent of a draw: numbers index·D … index·D + D − 1 of the standard normal distribution.
    func latent(_ index: Int) -> [Float] {
        NormalDistribution.standard.draws(
            image.count, from: Philox(seed: seed, stream: Self.stream), at: UInt64(index) * UInt64(image.count)
        ).map { Float($0) }
    }
}
