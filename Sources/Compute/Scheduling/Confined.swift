/// Lets the steps of one work item reach an object that is not Sendable.
///
/// `@unchecked Sendable`: the steps of work that takes one thread at a time run one after another, on
/// whichever thread takes it out of the scheduler's queue, whose lock orders them; nobody else has the
/// object.
package final class Confined<Value>: @unchecked Sendable {
    private let make: () throws -> Value
    private var made: Value?

    /// - Parameter make: called by the first step, so that making the value is work too.
    package init(_ make: @escaping @Sendable () throws -> Value) { self.make = make }

    package var value: Value {
        get throws {
            if let made { return made }
            let value = try make()
            made = value
            return value
        }
    }
}
