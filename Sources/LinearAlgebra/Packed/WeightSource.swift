/// Where a weight matrix comes from, row-major: binary16 bits or binary32 numbers.
public enum WeightSource {
    /// Bits that stand elsewhere, in a mapped file as a rule, and must outlive the source.
    case halves(UnsafeBufferPointer<UInt16>)
    case floats([Float])

    var count: Int {
        switch self {
        case .halves(let values): values.count
        case .floats(let values): values.count
        }
    }

    /// Calls `body` with the numbers in half precision, rounded where they are more precise.
    func withHalves(_ body: (UnsafeBufferPointer<UInt16>) -> Void) {
        switch self {
        case .halves(let values): body(values)
        case .floats(let values):
            values.withUnsafeBufferPointer { Self.withConverted($0, body) { Half.convert($0, to: $1, count: $2) } }
        }
    }

    /// Calls `body` with the numbers in single precision.
    func withFloats(_ body: (UnsafeBufferPointer<Float>) -> Void) {
        if case .floats(let values) = self { return values.withUnsafeBufferPointer(body) }
        withHalves { Self.withConverted($0, body) { Half.convert($0, to: $1, count: $2) } }
    }

    private static func withConverted<From, To>(
        _ values: UnsafeBufferPointer<From>, _ body: (UnsafeBufferPointer<To>) -> Void,
        by convert: (UnsafePointer<From>, UnsafeMutablePointer<To>, Int) -> Void
    ) {
        let converted = [To](unsafeUninitializedCapacity: values.count) { buffer, count in
            guard let source = values.baseAddress, let target = buffer.baseAddress else { return }
            convert(source, target, values.count)
            count = values.count
        }
        converted.withUnsafeBufferPointer(body)
    }
}
