import LinearAlgebra

/// The multilayer perceptron m of an additive coupling: linear maps with ReLU between them.
///
/// After ReLU most units are 0, so every hidden layer is passed on as the list of its active
/// units. The gradient needs only those: ReLU's derivative is 0 at the others.
///
/// The members of a crew share out each layer's units: each computes, lists and differentiates its
/// own, with all of the layer before. No sum is ever split, so the bits do not depend on how many
/// they are.
struct CouplingNetwork: BitwiseCopyable {
    /// in → width, (hidden − 1) × width → width, width → out. The model's storage owns them.
    private let layers: UnsafePointer<PackedLinear>
    let count: Int

    /// How many of the first layers keep an output-major copy of their weights. The gradient
    /// through a layer costs (active outputs × inputs) with it and (active inputs × outputs)
    /// without. On the shipped weights 16–31 % of the first and 3–8 % of the second hidden
    /// layer's units are active, so that it pays for the first two maps and no other.
    static let transposedLayers = 2

    init(_ layers: [PackedLinear], in storage: Storage) {
        let copy = storage.make(PackedLinear.self, count: layers.count)
        copy.update(from: layers, count: layers.count)
        self.layers = UnsafePointer(copy)
        count = layers.count
    }

    subscript(level: Int) -> PackedLinear { layers[level] }

    /// The accumulator ← m(x), this member's share, where the first of the row's activations hold x;
    /// fills the rest of the activations with the active units of each hidden layer.
    func forward(_ row: NICERow, coupling: Int, by member: Crew.Member) {
        let activations = row.activations(of: coupling)
        for level in 0..<count {
            member.meet()
            // Two accumulators in turn would do no better: a member reads only its own share.
            layers[level].forward(activations[level], into: row.accumulator, by: member)
            if level + 1 < count { activations[level + 1].keepPositive(row.accumulator, by: member) }
        }
    }

    /// The slope at `kept` ← itself + (∂m/∂x)ᵀ (the slope at the other half), this member's share,
    /// at the activations that `forward` left.
    func backward(
        _ row: NICERow, coupling: Int, kept: PixelParity, by member: Crew.Member
    ) {
        let activations = row.activations(of: coupling)
        for level in (1..<count).reversed() {
            member.meet()
            let units = activations[level].segment(member.index, of: member)
            let slopes = row.slopes(at: level) + units.offset
            if level < count - 1, let transposed = layers[level].transposed {
                sum(transposed, row, coupling, level, by: member)
                // Of the sums for all units those of the active ones are wanted.
                for k in 0..<units.count { slopes[k] = row.accumulator[Int(units.index[k])] }
            } else {
                let g = level == count - 1
                    ? row.slope(kept.opposite) : row.denseSlopes(at: level + 1)
                layers[level].weights.dot(units, with: g, into: slopes)
                let dense = row.denseSlopes(at: level), own = member.columns(of: layers[level].inputs)
                (dense + own.lowerBound).update(repeating: 0, count: own.count)
                for k in 0..<units.count { dense[Int(units.index[k])] = slopes[k] }
            }
        }
        guard let transposed = layers[0].transposed else {
            preconditionFailure("the first layer keeps its transposed copy")
        }
        member.meet()
        sum(transposed, row, coupling, 0, by: member)
        let slope = row.slope(kept)
        for j in member.columns(of: layers[0].inputs) { slope[j] += row.accumulator[j] }
    }

    /// The accumulator ← Wᵀ g of one layer for the slopes g of its active outputs, this member's
    /// share: a sum of output-major rows.
    private func sum(
        _ transposed: PackedRows, _ row: NICERow, _ coupling: Int, _ level: Int,
        by member: Crew.Member
    ) {
        let groups = member.share(of: transposed.groups), group = PackedRows.group
        (row.accumulator + groups.lowerBound * group).update(
            repeating: 0, count: groups.count * group)
        transposed.accumulate(
            row.activations(of: coupling)[level + 1], values: row.slopes(at: level + 1),
            into: row.accumulator, by: member)
    }
}
