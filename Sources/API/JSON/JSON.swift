/// A JSON value (RFC 8259), read or to be written. Objects keep their order.
public enum JSON: Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case array([JSON])
    case object([(name: String, value: JSON)])
    /// An array of numbers only: rows of images, traces. Read and written without a value each.
    case numbers([Double])
    /// The same in single precision, written with just the digits that tell each from its neighbours.
    case singles([Float])

    /// What a value is called in an error.
    var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a Boolean"
        case .integer, .number: "a number"
        case .string: "a string"
        case .array, .numbers, .singles: "an array"
        case .object: "an object"
        }
    }

    /// The number, where the value is one.
    public var double: Double? {
        switch self {
        case .number(let value): value
        case .integer(let value): Double(value)
        default: nil
        }
    }

    /// The elements, where the value is an array.
    public var elements: [JSON]? {
        switch self {
        case .array(let values): values
        case .numbers(let values): values.map { .number($0) }
        case .singles(let values): values.map { .number(Double($0)) }
        default: nil
        }
    }

    /// How many elements there are, where the value is an array.
    var count: Int? {
        switch self {
        case .array(let values): values.count
        case .numbers(let values): values.count
        case .singles(let values): values.count
        default: nil
        }
    }

    /// One of an array's elements.
    func element(_ index: Int) -> JSON {
        switch self {
        case .array(let values): values[index]
        case .numbers(let values): .number(values[index])
        case .singles(let values): .number(Double(values[index]))
        default: preconditionFailure("\(kind) has no elements")
        }
    }

    /// A number that may not exist: null where it is nil or not finite, as JSON has no NaN.
    public static func optional(_ value: Double?) -> JSON {
        guard let value, value.isFinite else { return .null }
        return .number(value)
    }
}
