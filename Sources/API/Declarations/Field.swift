/// One field of a request: its declaration, and how it is read by that very declaration.
///
/// A field with a default, or one that is required, has a plain value; any other has an optional one, nil
/// where the request leaves it out.
package struct Field<Value: Sendable>: Sendable {
    package let property: Property
    private let reader: @Sendable (inout Fields) throws -> Value

    package var name: String { property.name }

    /// - Parameter reader: takes the field out of a request's, and checks what the schema says.
    package init(_ property: Property, reader: @escaping @Sendable (inout Fields) throws -> Value) {
        self.property = property
        self.reader = reader
    }

    fileprivate func read(from fields: inout Fields) throws -> Value { try reader(&fields) }
}

extension Fields {
    /// - Throws: `Problem` that blames the field.
    package mutating func read<Value>(_ field: Field<Value>) throws -> Value { try field.read(from: &self) }

    /// Whether the request has the field.
    func has<Value>(_ field: Field<Value>) -> Bool { peek(field.name) != nil }

    /// How errors name the field.
    func culprit<Value>(_ field: Field<Value>) -> Problem.Culprit { culprit(field.name) }
}
