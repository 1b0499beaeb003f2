import LinearAlgebra

extension NICE {
    /// Bytes of weights that the last evaluation in `workspace` read, by one thread: of each map
    /// what the active inputs contribute to the outputs that are computed, and in back-propagation to the
    /// active ones. Divided by the memory's bandwidth they give a lower bound on its time.
    public func weightBytes(in workspace: NICEWorkspace, gradient: Bool) -> Int {
        couplings.indices.reduce(0) { sum, index in
            sum + couplings[index].network.weightBytes(
                workspace.row, coupling: index, gradient: gradient)
        }
    }
}

extension CouplingNetwork {
    fileprivate func weightBytes(_ row: NICERow, coupling: Int, gradient: Bool) -> Int {
        let hidden = row.hidden(of: coupling), bytes = self[0].weights.bytesPerGroup
        func active(_ level: Int) -> Int { hidden[level].active.segment(0, of: .alone).count }
        func groups(_ level: Int) -> Int { self[level].weights.groups }
        var read = hidden[0].possiblyActiveCount(of: .alone) * row.input(of: coupling).groups.count(of: .alone)
        for level in 1..<count {
            read += active(level - 1)
                * (level < count - 1 ? hidden[level].possiblyActiveCount(of: .alone) : groups(level))
            guard gradient else { continue }
            read += active(level - 1)
                * (level < count - 1 ? hidden[level].activeGroups.count(of: .alone) : groups(level))
        }
        return bytes * (gradient ? read + active(0) * groups(0) : read)
    }
}
