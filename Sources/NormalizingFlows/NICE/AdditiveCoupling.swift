/// An additive coupling layer (Dinh, Krueger, Bengio, "NICE", 2014, section 3.2): one half of
/// the pixels is kept, the other moves by m of the kept ones. Its Jacobian is unit triangular,
/// so log|det| = 0.
struct AdditiveCoupling: Sendable {
    /// Which half moves.
    let transformed: PixelParity
    let network: CouplingNetwork
}

/// Neighbouring pixels pair up: a half is the even-indexed or the odd-indexed ones.
enum PixelParity: Int, Sendable {
    case even, odd

    var opposite: PixelParity { self == .even ? .odd : .even }
}
