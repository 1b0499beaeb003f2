import Projections
import Statistics

/// The inpainting of the NICE paper (Dinh, Krueger, Bengio, 2014, section 5.2):
/// x ← Π_C(x + α_i (∇ log p(x) + ε)), α_i = 10 / (100 + i), ε standard normal.
///
/// The noise of iteration i at pixel k is draw i·D + k of its stream.
public struct NoisyGradient: AscentRule {
    public let randomness: Philox
    public var keepsBest: Bool { false }
    private var noise: [Double]

    public init(dimension: Int, using randomness: Philox) {
        self.randomness = randomness
        noise = Array(repeating: 0, count: dimension)
    }

    public mutating func step(
        _ x: inout [Float], gradient: [Float], iteration: Int, constraints: Box<Float>
    ) {
        let first = UInt64(iteration) * UInt64(noise.count)
        noise.withUnsafeMutableBufferPointer {
            NormalDistribution.standard.fill($0, from: randomness, at: first)
        }
        let rate = 10 / (100 + Float(iteration))
        for k in x.indices { x[k] = x[k].addingProduct(rate, gradient[k] + Float(noise[k])) }
        constraints.project(&x)
    }
}
