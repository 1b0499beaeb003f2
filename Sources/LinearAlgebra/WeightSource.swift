/// Where a weight matrix comes from, row-major: binary16 bits or binary32 numbers.
public enum WeightSource: Sendable {
    case halves([UInt16])
    case floats([Float])

    var count: Int {
        switch self {
        case .halves(let values): values.count
        case .floats(let values): values.count
        }
    }

    /// The numbers in half precision, rounded where they are more precise.
    var halves: [UInt16] {
        switch self {
        case .halves(let values): values
        case .floats(let values): Self.converted(values) { Half.convert($0, to: $1, count: $2) }
        }
    }

    /// The numbers in single precision.
    var floats: [Float] {
        switch self {
        case .floats(let values): values
        case .halves(let values): Self.converted(values) { Half.convert($0, to: $1, count: $2) }
        }
    }

    private static func converted<From, To>(
        _ values: [From], by convert: (UnsafePointer<From>, UnsafeMutablePointer<To>, Int) -> Void
    ) -> [To] {
        Array(unsafeUninitializedCapacity: values.count) { buffer, count in
            guard let target = buffer.baseAddress else { return }
            convert(values, target, values.count)
            count = values.count
        }
    }
}
