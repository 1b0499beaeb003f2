/// A JSON value (RFC 8259) that is to be written, or a small one that was read. Objects keep their order.
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
    /// An array whose elements are made one at a time, when they are written.
    case generated(JSONElements)

    /// What a value is called in an error.
    var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a Boolean"
        case .integer, .number: "a number"
        case .string: "a string"
        case .array, .numbers, .singles, .generated: "an array"
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
        case .generated(let values): (0..<values.count).map(values.element)
        default: nil
        }
    }

    /// A number that may not exist: null where it is nil or not finite, as JSON has no NaN.
    public static func optional(_ value: Double?) -> JSON {
        guard let value, value.isFinite else { return .null }
        return .number(value)
    }
}

/// The elements of an array, made one at a time.
public final class JSONElements: Sendable {
    let count: Int
    /// Whether the elements are arrays or objects, which a page gives a line each.
    let areNested: Bool
    let element: @Sendable (Int) -> JSON

    /// - Parameter element: the element of an index in 0..<count.
    init(_ count: Int, areNested: Bool = true, _ element: @escaping @Sendable (Int) -> JSON) {
        self.count = count
        self.areNested = areNested
        self.element = element
    }
}

extension JSON {
    package static func generated(
        _ count: Int, areNested: Bool = true, _ element: @escaping @Sendable (Int) -> JSON
    ) -> JSON {
        .generated(JSONElements(count, areNested: areNested, element))
    }

    /// Numbers that may not exist, null where they do not.
    package static func optionals(_ values: [Double?]) -> JSON {
        .generated(values.count, areNested: false) { .optional(values[$0]) }
    }

    /// A flat list, row-major, as rows of `columns` numbers.
    package static func rows(_ values: [Double], columns: Int) -> JSON {
        .generated(values.count / max(columns, 1)) { .numbers(Array(values[$0 * columns..<($0 + 1) * columns])) }
    }

    package static func rows(_ values: [Float], columns: Int) -> JSON {
        .generated(values.count / max(columns, 1)) { .singles(Array(values[$0 * columns..<($0 + 1) * columns])) }
    }
}
