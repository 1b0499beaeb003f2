import API

/// The ends of the ranges that the declarations state, by the names of the fields.
package enum SweepBounds {
    /// Of every field of every endpoint, and of what is within it.
    static let declared: [String: [Double]] = {
        var bounds: [String: Set<Double>] = [:]
        for declaration in Declaration.standard {
            for operation in declaration.operations {
                for property in operation.query { gather(property.schema, property.name, &bounds) }
                for content in operation.body where content.type == .json { gather(content.schema, "", &bounds) }
            }
        }
        return bounds.mapValues { $0.sorted() }
    }()

    /// The names of all fields of an endpoint, at whatever depth.
    package static func names(_ declaration: Declaration) -> Set<String> {
        var names: Set<String> = []
        func gather(_ schema: Schema) {
            switch schema.kind {
            case .object(let properties, _):
                for property in properties {
                    names.insert(property.name)
                    gather(property.schema)
                }
            case .list(let element, _): gather(element)
            case .anyOf(let schemas): for schema in schemas { gather(schema) }
            case .named(_, let schema): gather(schema)
            default: break
            }
        }
        for operation in declaration.operations {
            names.formUnion(operation.query.map(\.name))
            for content in operation.body where content.type == .json { gather(content.schema) }
        }
        return names
    }

    private static func gather(_ schema: Schema, _ name: String, _ bounds: inout [String: Set<Double>]) {
        switch schema.kind {
        case .number(let range):
            for end in [range.lower, range.upper].compactMap(\.self) { bounds[name, default: []].insert(end.value) }
        case .integer(let least, let most):
            for end in [least, most].compactMap(\.self) { bounds[name, default: []].insert(Double(end)) }
        case .list(let element, _): gather(element, name, &bounds)
        case .anyOf(let schemas): for schema in schemas { gather(schema, name, &bounds) }
        case .object(let properties, _):
            for property in properties { gather(property.schema, property.name, &bounds) }
        case .named(_, let schema): gather(schema, name, &bounds)
        default: break
        }
    }
}
