import LinearAlgebra
import NormalizingFlows

/// (f(h) − f(−h)) / 2h, accurate to about 1e−10 of f's size.
func centralDifference(_ f: (Double) -> Double) -> Double {
    let h = 0x1p-17
    return (f(h) - f(-h)) / (2 * h)
}

/// ∂z/∂x of one image of a batch, numbers in the order of `Tensor`, by central differences.
func numericJacobian(of layer: any FlowLayer, at x: Tensor, image: Int) -> Matrix {
    let size = x.shape.imageSize, first = image * size, h = 0x1p-17
    var jacobian = Matrix(rows: size, columns: size)
    for k in 0..<size {
        var up = x, down = x
        up.elements[first + k] += h
        down.elements[first + k] -= h
        let above = layer.encode(up).output, below = layer.encode(down).output
        for i in 0..<size {
            jacobian[i, k] = (above.elements[first + i] - below.elements[first + i]) / (2 * h)
        }
    }
    return jacobian
}

/// ⟨g, z⟩ + Σ w log|det|: what `backPropagate` differentiates.
func objective(_ encoding: Encoding, _ g: Tensor, _ weights: [Double]) -> Double {
    zip(g.elements, encoding.output.elements).reduce(0) { $0 + $1.0 * $1.1 }
        + zip(weights, encoding.logAbsDetJacobian).reduce(0) { $0 + $1.0 * $1.1 }
}

func largestDifference(_ x: [Double], _ y: [Double]) -> Double {
    precondition(x.count == y.count)
    return zip(x, y).reduce(0) { max($0, ($1.0 - $1.1).magnitude) }
}
