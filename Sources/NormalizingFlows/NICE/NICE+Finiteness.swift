extension NICE {
    /// What the first input that was not finite came from, in the last evaluation or decoding of `row`.
    func overflowOrigin(in row: NICERow) -> NonFiniteValue.Origin? {
        guard let (coupling, level) = row.overflowed else { return nil }
        guard level > 0 else { return .input(coupling: coupling) }
        return .layer(architecture.layers(of: coupling)[level - 1].name)
    }

    /// What made a number on the couplings' far side that is not finite.
    ///
    /// - Parameter order: the couplings as they were passed, the last one first.
    func outputOrigin(
        pixel: Int, order: some Sequence<Int>
    ) -> NonFiniteValue.Origin {
        let parity: PixelParity = pixel % 2 == 0 ? .even : .odd
        let last = order.first { couplings[$0].transformed == parity }
        return last.map { .output(coupling: $0) } ?? .input(coupling: 0)
    }
}

extension NICEWorkspace {
    /// Throws where a number of the last evaluation was not finite, naming what came first.
    public func requireFiniteValue() throws(NonFiniteValue) {
        if let origin = model.overflowOrigin(in: row) { throw NonFiniteValue(origin) }
        guard !logPrior.isFinite else { return }
        let place = latent.firstIndex { !$0.isFinite } ?? 0
        let output = row.half(place % 2 == 0 ? .even : .odd)[place / 2]
        throw NonFiniteValue(
            output.isFinite
                ? .scaling(pixel: place)
                : model.outputOrigin(pixel: place, order: model.couplings.indices.reversed()))
    }

    /// The same for the last `differentiate`, whose gradient must be finite, too.
    public func requireFiniteGradient() throws(NonFiniteValue) {
        try requireFiniteValue()
        if let place = gradient.firstIndex(where: { !$0.isFinite }) {
            throw NonFiniteValue(.gradient(pixel: place))
        }
    }
}
