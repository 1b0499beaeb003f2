extension NICE {
    /// An additive coupling as `NICE` serves it: one half of the pixels is kept, the other moves
    /// by m of the kept ones. `NormalizingFlows.AdditiveCoupling` is the trainable one.
    struct AdditiveCoupling: BitwiseCopyable {
        /// Which half moves.
        let transformed: PixelParity
        let network: CouplingNetwork
    }
}
