import LinearAlgebra
import NormalizingFlows

extension ParameterStore {
    /// The Euclidean norm of the gradient that `flow` holds.
    func gradientNorm(of flow: any TrainableFlow, on pool: ThreadPool) -> Double {
        // One sum a tensor, of its rows in order; then those of the tensors in order.
        var sums = [Double](repeating: 0, count: tensors.count)
        sums.withUnsafeMutableBufferPointer { sums in
            let sums = sums
            pool.forEach(sums.count) { index in
                let gradient = flow.gradient(of: index)
                sums[index] = (0..<gradient.rows).reduce(0) {
                    $0 + ColumnSums.squares(gradient.values + $1 * gradient.stride, count: gradient.columns)
                }
            }
        }
        return sums.reduce(0, +).squareRoot()
    }

    /// Moves all parameters by one step along the gradient that `flow` holds.
    func apply(_ step: AdamW.Step, of flow: any TrainableFlow, on pool: ThreadPool) {
        // Parts of about 64 KiB.
        let parts = tensors.indices.flatMap { index in
            let rows = max(1, (1 << 14) / tensors[index].stride)
            return stride(from: 0, to: tensors[index].rows, by: rows).map { first in
                (tensor: index, rows: first..<min(first + rows, tensors[index].rows))
            }
        }
        let places = tensors.indices.map { rowPlaces(flow.gradient(of: $0), of: tensors[$0]) }
        pool.forEach(parts.count) { index in
            let (number, rows) = parts[index]
            apply(step, tensors[number], flow.gradient(of: number), rows, at: places[number])
        }
    }

    /// Of each row of a tensor its place in the gradient, −1 where it has none; nil where both have the same rows.
    private func rowPlaces(_ gradient: ParameterGradient, of tensor: ParameterTensor) -> [Int]? {
        guard let index = gradient.rowIndex else { return nil }
        var places = [Int](repeating: -1, count: tensor.rows)
        for place in 0..<gradient.rows { places[Int(index[place])] = place }
        return places
    }

    private func apply(
        _ step: AdamW.Step, _ tensor: ParameterTensor, _ gradient: ParameterGradient, _ rows: Range<Int>,
        at places: [Int]?
    ) {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: tensor.columns) { room in
            guard let row = room.baseAddress else { return }
            row.initialize(repeating: 0, count: tensor.columns)
            for index in rows {
                let place = places?[index] ?? index, offset = tensor.offset + index * tensor.stride
                if place >= 0 { gradient.expand(place, into: row) }
                step.apply(
                    gradient: place >= 0 ? UnsafePointer(row) : nil, to: weights + offset, first: first + offset,
                    second: second + offset, average: average.map { $0 + offset }, count: tensor.columns,
                    decays: tensor.decays)
            }
        }
    }
}
