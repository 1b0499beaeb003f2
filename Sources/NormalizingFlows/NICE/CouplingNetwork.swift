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

    init(_ layers: [PackedLinear], in storage: Storage) throws(OutOfMemory) {
        let copy = try storage.make(PackedLinear.self, count: layers.count)
        copy.update(from: layers, count: layers.count)
        self.layers = UnsafePointer(copy)
        count = layers.count
    }

    subscript(level: Int) -> PackedLinear { layers[level] }

    /// The accumulator ← m(x), this member's share, for the dense x that the coupling's input has observed.
    /// The active units of each hidden layer are left in `activations`.
    func forward(
        _ activations: NICEActivations, coupling: Int, of x: UnsafePointer<Float>,
        by member: ThreadTeam.Member
    ) {
        let scratch = activations.scratch(of: member), hidden = activations.hidden(of: coupling)
        member.arriveAndWait()
        firstLayer(activations, coupling, x, scratch, by: member)
        for level in 1..<count {
            member.arriveAndWait()
            let layer = layers[level], input = hidden[level - 1]
            let drift = input.drift.value(at: activations.evaluation.pointee, by: member)
            activations.note(drift, coupling: coupling, level: level, by: member)
            guard level + 1 < count else {
                // One accumulator is enough: a member reads only its own share.
                layer.forward(
                    input.active, into: activations.accumulator,
                    groups: activations.share(of: layer.weights, by: member), by: member)
                break
            }
            let groups = hidden[level].possiblyActiveGroups(drift, into: scratch.groups, by: member)
            layer.forward(input.active, into: activations.accumulator, groups: groups, by: member)
            hidden[level].rectify(activations.accumulator, groups: groups, of: layer, drift, by: member)
        }
    }

    private func firstLayer(
        _ activations: NICEActivations, _ coupling: Int, _ x: UnsafePointer<Float>,
        _ scratch: NICEActivations.Scratch, by member: ThreadTeam.Member
    ) {
        let input = activations.input(of: coupling), units = activations.hidden(of: coupling)[0]
        let drift = input.drift.value(at: activations.evaluation.pointee, by: member)
        activations.note(drift, coupling: coupling, level: 0, by: member)
        let listed = units.possiblyActiveUnits(drift, into: scratch.units, by: member)
        layers[0].weights.dot(
            rows: listed.numbers, count: listed.count, with: x,
            groups: input.groups.joined(into: scratch.groups, of: member), into: scratch.sums)
        units.rectify(scratch.sums, units: listed, of: layers[0], drift, by: member)
    }

    /// The slope at `kept` ← itself + (∂m/∂x)ᵀ (the slope at the other half), this member's share,
    /// at the activations that `forward` left.
    func backward(
        _ activations: NICEActivations, coupling: Int, kept: PixelParity, by member: ThreadTeam.Member
    ) {
        let hidden = activations.hidden(of: coupling), scratch = activations.scratch(of: member)
        for level in (1..<count).reversed() {
            member.arriveAndWait()
            let weights = layers[level].weights, isLast = level == count - 1
            let units = hidden[level - 1].active.segment(member.index, of: member)
            let slopes = activations.slopes(at: level) + units.offset
            weights.dot(
                rows: units.index, count: units.count,
                with: isLast ? activations.slope(kept.opposite) : activations.denseSlopes(at: level + 1),
                groups: isLast
                    ? activations.all(of: weights)
                    : hidden[level].activeGroups.joined(into: scratch.groups, of: member),
                into: slopes)
            guard level > 1 else { continue }
            let dense = activations.denseSlopes(at: level), own = member.columns(of: layers[level].inputs)
            (dense + own.lowerBound).update(repeating: 0, count: own.count)
            for k in 0..<units.count { dense[Int(units.index[k])] = slopes[k] }
        }
        member.arriveAndWait()
        let first = layers[0].weights, groups = activations.share(of: first, by: member)
        for k in 0..<groups.count {
            (activations.accumulator + Int(groups.numbers[k]) * PackedRows.group).update(
                repeating: 0, count: PackedRows.group)
        }
        first.accumulate(
            hidden[0].active, values: activations.slopes(at: 1), into: activations.accumulator,
            groups: groups, by: member)
        let slope = activations.slope(kept)
        for j in member.columns(of: layers[0].inputs) { slope[j] += activations.accumulator[j] }
    }
}
