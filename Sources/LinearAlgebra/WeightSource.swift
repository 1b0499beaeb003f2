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
        case .floats(let values):
            Array(unsafeUninitializedCapacity: values.count) { buffer, count in
                Half.convert(values, to: buffer.baseAddress!, count: values.count)
                count = values.count
            }
        }
    }

    /// The numbers in single precision.
    var floats: [Float] {
        switch self {
        case .floats(let values): values
        case .halves(let values):
            Array(unsafeUninitializedCapacity: values.count) { buffer, count in
                Half.convert(values, to: buffer.baseAddress!, count: values.count)
                count = values.count
            }
        }
    }
}
