import LinearAlgebra

/// The multilayer perceptron m of an additive coupling: linear maps with ReLU between them.
///
/// After ReLU most units are 0, so every hidden layer is passed on as the list of its active
/// units. The gradient needs only those: ReLU's derivative is 0 at the others.
struct CouplingNetwork: Sendable {
    /// in → width, (hidden − 1) × width → width, width → out.
    let layers: [PackedLinear]

    /// How many of the first layers keep an output-major copy of their weights. The gradient
    /// through a layer costs (active outputs × inputs) with it and (active inputs × outputs)
    /// without. On the shipped weights 16–31 % of the first and 3–8 % of the second hidden
    /// layer's units are active, so that it pays for the first two maps and no other.
    static let transposedLayers = 2

    var inputs: Int { layers.first!.inputs }
    var outputs: Int { layers.last!.outputs }

    /// acc ← m(x), where `activations[0]` holds x; fills the rest of `activations` with the
    /// active units of each hidden layer. `acc` has room for the widest padded layer.
    func forward(_ activations: [SparseVector], into acc: UnsafeMutablePointer<Float>) {
        for (level, layer) in layers.enumerated() {
            layer.forward(activations[level], into: acc)
            if level + 1 < layers.count {
                activations[level + 1].keepPositive(acc, count: layer.outputs)
            }
        }
    }

    /// gradient ← gradient + (∂m/∂x)ᵀ g, at the `activations` that `forward` left.
    ///
    /// - Parameters:
    ///   - g: the gradient with respect to m's outputs, padded with zeros.
    ///   - gradient: the gradient with respect to x; padded.
    func backward(
        _ activations: [SparseVector], from g: UnsafePointer<Float>,
        into gradient: UnsafeMutablePointer<Float>, scratch: BackwardScratch
    ) {
        var incoming = scratch.first.pointer, outgoing = scratch.second.pointer
        for level in layers.indices.reversed().dropLast() {
            let layer = layers[level], units = activations[level]
            if level == layers.count - 1 {
                layer.transposedDot(units.index.pointer, count: units.count, with: g, into: outgoing)
            } else if layer.hasTransposed {
                let above = activations[level + 1]
                layer.transposedSum(
                    above.index.pointer, incoming, count: above.count, into: scratch.sum.pointer)
                for k in 0..<units.count {
                    outgoing[k] = scratch.sum.pointer[Int(units.index.pointer[k])]
                }
            } else {
                let above = activations[level + 1], dense = scratch.dense.pointer
                for k in 0..<above.count { dense[Int(above.index.pointer[k])] = incoming[k] }
                layer.transposedDot(
                    units.index.pointer, count: units.count, with: dense, into: outgoing)
                above.clear(in: dense)
            }
            swap(&incoming, &outgoing)
        }
        let above = activations[1], sum = scratch.sum.pointer
        layers[0].transposedSum(above.index.pointer, incoming, count: above.count, into: sum)
        for i in 0..<layers[0].transposedStride { gradient[i] += sum[i] }
    }
}

/// What `CouplingNetwork.backward` works in: one per thread or row, reused.
final class BackwardScratch {
    let first, second, sum: AlignedBuffer<Float>
    /// 0 between uses.
    let dense: AlignedBuffer<Float>

    init(widest: Int) {
        first = AlignedBuffer(count: widest)
        second = AlignedBuffer(count: widest)
        sum = AlignedBuffer(count: widest)
        dense = AlignedBuffer(count: widest)
    }
}
