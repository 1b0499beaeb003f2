import NormalizingFlows

/// A way to fill missing pixels that runs in this process: `METHOD[:START][@ITERATIONS]`.
package struct QualityMethod: Sendable, CustomStringConvertible {
    /// How missing pixels are moved.
    package enum Move: String, CaseIterable, Sendable {
        /// Not at all: the answer is the start.
        case none = "start"
        /// As `/inpaint` does by default.
        case projectedGradient = "projected_gradient"
        /// Projected gradient ascent to a maximum.
        case adam
        case noisyGradient = "noisy_gradient"
        /// By the NICE paper's own step sizes.
        case paperGradient = "paper_gradient"
        /// The mean of draws; the iterations are those of each of 16 chains.
        case posterior
        /// The mean of draws of a conditional model, as many as there are iterations; one draw where that is 1.
        case conditional
    }

    /// What missing pixels start from.
    package enum Start: String, CaseIterable, Sendable {
        case conditionalMean = "conditional_mean"
        case mean, noise
        /// A draw of a conditional model.
        case draw
    }

    package let move: Move
    package let start: Start
    package let iterations: Int
    /// As it was asked for.
    package let description: String

    package static let mostIterations = 10_000
    /// Draws of `conditional` where nothing is said.
    private static let draws = 64

    /// Whether it needs a conditional model.
    package var isConditional: Bool { move == .conditional || start == .draw }

    /// Reads `projected_gradient`, `projected_gradient:mean`, `noisy_gradient@1000`; `conditional_mean` and `mean` are the
    /// starts themselves.
    ///
    /// - Returns: nil where it is none of these.
    package init?(_ text: String, iterations: Int = 300) {
        var rest = text[...], count = iterations
        if let at = rest.lastIndex(of: "@") {
            guard let given = Int(rest[rest.index(after: at)...]), (1...Self.mostIterations).contains(given) else {
                return nil
            }
            (count, rest) = (given, rest[..<at])
        }
        description = text
        let parts = rest.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        if parts.count == 1, let start = Start(rawValue: parts[0]), count == iterations {
            (move, self.start, self.iterations) = (.none, start, count)
            return
        }
        guard let name = parts.first, let move = Move(rawValue: name), move != .none, parts.count <= 2 else {
            return nil
        }
        guard let start = parts.count == 2 ? Start(rawValue: parts[1]) : .conditionalMean else { return nil }
        if move == .conditional {
            guard parts.count == 1 else { return nil }
            self.iterations = text.contains("@") ? count : Self.draws
        } else {
            self.iterations = count
        }
        (self.move, self.start) = (move, start)
    }
}
