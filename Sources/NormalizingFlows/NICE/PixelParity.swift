/// Half of an image's pixels. Neighbouring pixels pair up: a half is those of even index or those
/// of odd index, counted from 0 in row-major order.
public enum PixelParity: String, Sendable, Hashable, CaseIterable, BitwiseCopyable {
    case even, odd

    /// The index of the half's first pixel; its others follow at every second place.
    var offset: Int { self == .even ? 0 : 1 }

    var opposite: PixelParity { self == .even ? .odd : .even }
}
