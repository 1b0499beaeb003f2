import LinearAlgebra

/// The multilayer perceptron m of an additive coupling: linear maps with ReLU between them.
///
/// After ReLU most units are 0, so every hidden layer is passed on as the list of its active
/// units. The gradient needs only those: ReLU's derivative is 0 at the others. And from one
/// evaluation to the next most inactive units provably stay inactive, and are not computed at all
/// (`RectifiedVector`).
///
/// The members of a team share out each layer's units: each computes, lists and differentiates its
/// own, with all of the layer before. No sum is ever split, so the bits do not depend on how many
/// they are.
struct CouplingNetwork: BitwiseCopyable {
    /// in → width, (hidden − 1) × width → width, width → out. The model's storage owns them.
    private let layers: UnsafePointer<PackedLinear>
    let count: Int

    /// The first map's input is dense and its active units are scattered, so that they are computed one
    /// by one; those of the other hidden layers are grouped by their order.
    static func layout(ofLevel level: Int) -> PackedLinear.Layout {
        level == 0 ? .outputMajor : .inputMajor
    }

    init(_ layers: [PackedLinear], in storage: Storage) {
        let copy = storage.make(PackedLinear.self, count: layers.count)
        copy.update(from: layers, count: layers.count)
        self.layers = UnsafePointer(copy)
        count = layers.count
    }

    subscript(level: Int) -> PackedLinear { layers[level] }

    /// The accumulator ← m(x), this member's share, for the dense x that the row's input has observed.
    /// The active units of each hidden layer are left in the row.
    func forward(
        _ row: NICERow, coupling: Int, of x: UnsafePointer<Float>, by member: ThreadTeam.Member
    ) {
        let scratch = row.scratch(of: member), hidden = row.hidden(of: coupling)
        member.arriveAndWait()
        firstLayer(row, coupling, x, scratch, by: member)
        for level in 1..<count {
            member.arriveAndWait()
            let layer = layers[level], input = hidden[level - 1]
            let drift = input.drift.value(at: row.evaluation.pointee, by: member)
            row.note(drift, coupling: coupling, level: level, by: member)
            guard level + 1 < count else {
                // One accumulator is enough: a member reads only its own share.
                layer.forward(
                    input.active, into: row.accumulator, groups: row.share(of: layer.weights, by: member),
                    by: member)
                break
            }
            let groups = hidden[level].possiblyActiveGroups(drift, into: scratch.groups, by: member)
            layer.forward(input.active, into: row.accumulator, groups: groups, by: member)
            hidden[level].rectify(row.accumulator, groups: groups, of: layer, drift, by: member)
        }
    }

    private func firstLayer(
        _ row: NICERow, _ coupling: Int, _ x: UnsafePointer<Float>, _ scratch: NICERow.Scratch,
        by member: ThreadTeam.Member
    ) {
        let input = row.input(of: coupling), units = row.hidden(of: coupling)[0]
        let drift = input.drift.value(at: row.evaluation.pointee, by: member)
        row.note(drift, coupling: coupling, level: 0, by: member)
        let listed = units.possiblyActiveUnits(drift, into: scratch.units, by: member)
        layers[0].weights.dot(
            rows: listed.numbers, count: listed.count, with: x,
            groups: input.groups.joined(into: scratch.groups, of: member), into: scratch.sums)
        units.rectify(scratch.sums, units: listed, of: layers[0], drift, by: member)
    }

    /// The slope at `kept` ← itself + (∂m/∂x)ᵀ (the slope at the other half), this member's share,
    /// at the activations that `forward` left.
    func backward(
        _ row: NICERow, coupling: Int, kept: PixelParity, by member: ThreadTeam.Member
    ) {
        let hidden = row.hidden(of: coupling), scratch = row.scratch(of: member)
        for level in (1..<count).reversed() {
            member.arriveAndWait()
            let weights = layers[level].weights, isLast = level == count - 1
            let units = hidden[level - 1].active.segment(member.index, of: member)
            let slopes = row.slopes(at: level) + units.offset
            weights.dot(
                rows: units.index, count: units.count,
                with: isLast ? row.slope(kept.opposite) : row.denseSlopes(at: level + 1),
                groups: isLast
                    ? row.all(of: weights)
                    : hidden[level].activeGroups.joined(into: scratch.groups, of: member),
                into: slopes)
            guard level > 1 else { continue }
            let dense = row.denseSlopes(at: level), own = member.columns(of: layers[level].inputs)
            (dense + own.lowerBound).update(repeating: 0, count: own.count)
            for k in 0..<units.count { dense[Int(units.index[k])] = slopes[k] }
        }
        member.arriveAndWait()
        let first = layers[0].weights, groups = row.share(of: first, by: member)
        for k in 0..<groups.count {
            (row.accumulator + Int(groups.numbers[k]) * PackedRows.group).update(
                repeating: 0, count: PackedRows.group)
        }
        first.accumulate(
            hidden[0].active, values: row.slopes(at: 1), into: row.accumulator, groups: groups,
            by: member)
        let slope = row.slope(kept)
        for j in member.columns(of: layers[0].inputs) { slope[j] += row.accumulator[j] }
    }
}
