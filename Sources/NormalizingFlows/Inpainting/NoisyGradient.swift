import Projections
import Statistics

/// The inpainting of the NICE paper (Dinh, Krueger, Bengio, 2014, section 5.2):
/// x ← Π_C(x + α_i (∇ log p(x) + ε)), α_i = 10 / (100 + i), ε standard normal.
///
/// Its step sizes suit a model whose log p has a curvature of about 1 in each pixel. Where it has c_k, as of a model that
/// scales latents by 1400, they throw pixels from one end of 0…1 to the other. With `curvature` the same rule runs in
/// coordinates in which it is 1, y_k = √c_k x_k: x_k ← Π_C(x_k + α_i (∂_k log p(x) / c_k + ε_k / √c_k)).
///
/// The noise of iteration i at pixel k is draw i·D + k of its stream.
public struct NoisyGradient: AscentRule {
    public let randomness: Philox
    public var keepsBest: Bool { false }
    private var noise: [Double]
    /// What a gradient and what the noise are multiplied by, besides α_i; nil where that is 1.
    private let factors: (gradient: [Float], noise: [Float])?

    /// - Parameter curvature: c, D numbers above 0; nil for the paper's own steps.
    public init(dimension: Int, curvature: [Float]? = nil, using randomness: Philox) {
        self.randomness = randomness
        noise = Array(repeating: 0, count: dimension)
        factors = curvature.map { curvature in
            precondition(curvature.count == dimension)
            return (curvature.map { 1 / $0 }, curvature.map { 1 / $0.squareRoot() })
        }
    }

    public mutating func step(
        _ x: inout [Float], gradient: [Float], iteration: Int, constraints: Box<Float>
    ) {
        let first = UInt64(iteration) * UInt64(noise.count)
        noise.withUnsafeMutableBufferPointer {
            NormalDistribution.standard.fill($0, from: randomness, at: first)
        }
        let rate = 10 / (100 + Float(iteration))
        if let factors {
            for k in x.indices {
                let move = gradient[k] * factors.gradient[k] + Float(noise[k]) * factors.noise[k]
                x[k] = x[k].addingProduct(rate, move)
            }
        } else {
            for k in x.indices { x[k] = x[k].addingProduct(rate, gradient[k] + Float(noise[k])) }
        }
        constraints.project(&x)
    }
}
