import LinearAlgebra

extension NICE {
    /// Bytes of weights that the last evaluation in `workspace` read, by one thread: of each map
    /// the rows of its active inputs, and those of the way back once more. A bound on its time is
    /// these over the memory's bandwidth.
    public func weightBytes(in workspace: NICEWorkspace, gradient: Bool) -> Int {
        couplings.indices.reduce(0) { sum, index in
            sum + couplings[index].network.weightBytes(
                workspace.row, coupling: index, gradient: gradient)
        }
    }
}

extension CouplingNetwork {
    fileprivate func weightBytes(_ row: NICERow, coupling: Int, gradient: Bool) -> Int {
        let active = (0..<count).map {
            row.activations(of: coupling)[$0].segment(0, of: .alone).count
        }
        return (0..<count).reduce(0) { sum, level in
            let layer = self[level], forward = active[level] * layer.weights.bytesPerRow
            guard gradient else { return sum + forward }
            if level < count - 1, let transposed = layer.transposed {
                return sum + forward + active[level + 1] * transposed.bytesPerRow
            }
            return sum + 2 * forward
        }
    }
}
