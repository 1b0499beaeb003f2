import NormalizingFlows
import Testing

@Suite struct SqueezeTests {
    /// The order that PyTorch's documentation of `PixelUnshuffle` states.
    @Test(arguments: [1, 2, 3]) func aPatchBecomesChannels(f: Int) {
        let shape = TensorShape(batch: 2, channels: 2, rows: 2 * f, columns: 3 * f)
        let x = Tensor(shape, elements: (0..<shape.count).map(Double.init))
        let z = Squeeze(factor: f).encode(x).output
        #expect(z.shape == TensorShape(batch: 2, channels: 2 * f * f, rows: 2, columns: 3))
        for n in 0..<2 {
            for k in 0..<2 {
                for a in 0..<f {
                    for b in 0..<f {
                        for i in 0..<2 {
                            for j in 0..<3 {
                                #expect(z[n, k * f * f + f * a + b, i, j] == x[n, k, f * i + a, f * j + b])
                            }
                        }
                    }
                }
            }
        }
    }
}
