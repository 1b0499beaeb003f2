import LinearAlgebra
import NormalizingFlows
import Statistics

/// How long a batch takes through an `InvertibleConvolution`, forward with its log-determinant
/// and back for all gradients, beside the time that its memory traffic alone takes.
///
/// The traffic is five tensors: forward reads x and writes z, back-propagation reads x and the
/// gradient and writes the input's. Its time is that of copying as many bytes, measured in the
/// same run over the same tensors. One thread.
package struct ConvolutionBenchmark: Sendable {
    package let shape: TensorShape

    package init(shape: TensorShape = TensorShape(batch: 32, channels: 16, rows: 14, columns: 14)) {
        self.shape = shape
    }

    /// Where the tensors are when they are used.
    package enum Residence: String, Sendable, CaseIterable {
        /// In main memory: batches alternate, more than any cache holds.
        case memory
        /// In whatever cache holds one batch: the same one over and over.
        case cache
    }

    package struct Result: Sendable {
        package let residence: Residence
        /// Seconds for `encode`, the log-determinant included: the best of all rounds.
        package let forward: Double
        /// Seconds for `backPropagate`, the best of all rounds.
        package let gradient: Double
        /// Seconds to copy as many bytes as the two must read and write, the best of all rounds.
        package let traffic: Double
        /// Those bytes.
        package let bytes: Int

        /// How many times the traffic's time the mathematics takes.
        package var ratio: Double { (forward + gradient) / traffic }
        /// Bytes a second that copying reads and writes.
        package var bandwidth: Double { Double(bytes) / traffic }
    }

    /// The same work in NumPy, for `python3 -`: prints a tab-separated line for each way, its name and its seconds.
    package static var peerScript: String {
        String(decoding: PackageResources.convolution_einsum_py, as: UTF8.self)
    }

    /// - Parameters:
    ///   - rounds: how often each part is timed; its best time counts.
    ///   - footprint: bytes that the batches in `memory` fill at least; should be
    ///     several times the largest cache.
    package func measure(
        _ residence: Residence, rounds: Int = 300, footprint: Int = 256 << 20
    ) -> Result {
        precondition(rounds >= 1)
        let tensorBytes = shape.count * MemoryLayout<Double>.stride
        let count = residence == .cache ? 1 : max(1, footprint / (4 * tensorBytes))
        let layer = InvertibleConvolution(
            PLUWeight(randomRotationOf: shape.channels, using: Philox(seed: 1)))
        let weights = Array(repeating: 1.0, count: shape.batch)
        var x: [Tensor] = [], g: [Tensor] = [], copies: [Tensor] = []
        for index in 0..<count {
            x.append(normal(stream: UInt64(2 * index)))
            g.append(normal(stream: UInt64(2 * index + 1)))
            copies.append(Tensor(shape))
        }
        // Results stay alive for a round, so that they alternate in memory, too.
        var z = x.map { layer.encode($0) }, gradients = zip(z, g).map {
            layer.backPropagate($1, logAbsDetWeights: weights, through: $0.trace)
        }
        let clock = ContinuousClock()
        func seconds(_ work: () -> Void) -> Double { clock.measure(work) / .seconds(1) }
        var forward = Double.infinity, gradient = Double.infinity, copy = Double.infinity
        for round in 0..<rounds {
            let slot = round % count
            forward = min(forward, seconds { z[slot] = layer.encode(x[slot]) })
            gradient = min(gradient, seconds {
                gradients[slot] = layer.backPropagate(
                    g[slot], logAbsDetWeights: weights, through: z[slot].trace)
            })
        }
        for round in 0..<rounds {
            let slot = round % count
            copy = min(copy, seconds {
                copies[slot].elements.withUnsafeMutableBufferPointer { target in
                    x[slot].elements.withUnsafeBufferPointer { source in
                        target.baseAddress!.update(
                            from: source.baseAddress!, count: shape.count)
                    }
                }
            })
        }
        // A copy reads one tensor and writes one; the layer touches five.
        return Result(
            residence: residence, forward: forward, gradient: gradient, traffic: 2.5 * copy,
            bytes: 5 * tensorBytes)
    }

    private func normal(stream: UInt64) -> Tensor {
        Tensor(
            shape,
            elements: NormalDistribution.standard.draws(
                shape.count, from: Philox(seed: 2, stream: stream)))
    }
}
