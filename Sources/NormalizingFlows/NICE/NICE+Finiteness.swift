extension NICE {
    /// What made the first input of a network's level that was not finite, or had a squared norm that was
    /// not, in the last evaluation of `row`, or in its last decoding.
    func overflowOrigin(in row: NICERow, decoding: Bool) -> NonFiniteValue.Origin? {
        guard let (coupling, level) = row.overflowed else { return nil }
        if level > 0 { return .layer(architecture.layers(of: coupling)[level - 1].name) }
        // The half that a coupling keeps is the one that the coupling before it moved.
        let before = decoding ? coupling + 1 : coupling - 1
        return couplings.indices.contains(before) ? .output(coupling: before) : .image
    }

    /// What made the output of all couplings at `pixel`.
    ///
    /// - Parameter order: the couplings as they were passed, the last one first.
    func outputOrigin(pixel: Int, order: some Sequence<Int>) -> NonFiniteValue.Origin {
        let parity: PixelParity = pixel.isMultiple(of: 2) ? .even : .odd
        return order.first { couplings[$0].transformed == parity }.map { .output(coupling: $0) } ?? .image
    }

    /// Throws where numbers that the scaling layer made are not finite, or their squared norm is not.
    func requireFinite(scaled: [Float]) throws(NonFiniteValue) {
        guard !scaled.reduce(0, { $0 + $1 * $1 }).isFinite else { return }
        let largest = scaled.indices.max { !(scaled[$0].magnitude >= scaled[$1].magnitude) } ?? 0
        throw NonFiniteValue(.scaling(pixel: largest))
    }
}

extension NICEWorkspace {
    /// Throws where a number of the last evaluation was not finite, naming what made the first.
    public func requireFiniteValue() throws(NonFiniteValue) {
        if let origin = model.overflowOrigin(in: row, decoding: false) { throw NonFiniteValue(origin) }
        guard !logPrior.isFinite else { return }
        let place = latent.firstIndex { !$0.isFinite } ?? 0
        let output = row.half(place.isMultiple(of: 2) ? .even : .odd)[place / 2]
        throw NonFiniteValue(
            output.isFinite
                ? .scaling(pixel: place)
                : model.outputOrigin(pixel: place, order: model.couplings.indices.reversed()))
    }

    /// `gradient`, after the same for the last `differentiate`. All its numbers are finite.
    public func finiteGradient() throws(NonFiniteValue) -> [Float] {
        try requireFiniteValue()
        let gradient = gradient
        if let place = gradient.firstIndex(where: { !$0.isFinite }) {
            throw NonFiniteValue(.gradient(pixel: place))
        }
        return gradient
    }
}
