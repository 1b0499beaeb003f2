extension Schema {
    /// As JSON Schema.
    package var json: JSON { .object(keywords) }

    private var keywords: [(name: String, value: JSON)] {
        var members = constraints
        if let standard { members.append(("default", standard)) }
        if !examples.isEmpty { members.append(("examples", .array(examples))) }
        if !fullSentence.isEmpty { members.append(("description", .string(fullSentence))) }
        return members
    }

    /// The sentence, with the unit.
    package var fullSentence: String {
        guard let unit else { return sentence }
        return sentence.isEmpty ? "In \(unit)." : "\(sentence) In \(unit)."
    }

    /// The same; of a named schema without a sentence of its own, that of the name.
    package var toldSentence: String {
        if sentence.isEmpty, case .named(_, let schema) = kind { return schema.toldSentence }
        return fullSentence
    }

    private var constraints: [(name: String, value: JSON)] {
        switch kind {
        case .anything: return []
        case .null: return [("type", .string("null"))]
        case .boolean: return [("type", .string("boolean"))]
        case .number(let bounds): return [("type", .string("number"))] + Self.keywords(bounds)
        case .integer(let least, let most):
            return [("type", .string("integer"))] + Self.ends("minimum", least, "maximum", most)
        case .text(let form): return [("type", .string("string"))] + Self.keywords(form)
        case .words(let words):
            return [("type", .string("string")), ("enum", .array(words.map { .string($0) }))]
        case .constant(let value): return [("const", value)]
        case .list(let element, let form):
            return [("type", .string("array")), ("items", element.json)] + Self.keywords(form)
        case .object(let properties, let form): return Self.keywords(properties, form)
        case .anyOf(let schemas): return Self.keywords(anyOf: schemas)
        case .named(let name, _): return [("$ref", .string("#/components/schemas/\(name)"))]
        }
    }

    private static func keywords(_ bounds: NumberBounds) -> [(name: String, value: JSON)] {
        var members: [(name: String, value: JSON)] = []
        if let end = bounds.lower {
            members.append((end.isIncluded ? "minimum" : "exclusiveMinimum", .number(end.value)))
        }
        if let end = bounds.upper {
            members.append((end.isIncluded ? "maximum" : "exclusiveMaximum", .number(end.value)))
        }
        return members
    }

    private static func ends(
        _ lower: String, _ least: Int?, _ upper: String, _ most: Int?
    ) -> [(name: String, value: JSON)] {
        var members: [(name: String, value: JSON)] = []
        if let least { members.append((lower, .integer(least))) }
        if let most { members.append((upper, .integer(most))) }
        return members
    }

    private static func keywords(_ form: TextForm) -> [(name: String, value: JSON)] {
        var members: [(name: String, value: JSON)] = []
        if let pattern = form.pattern { members.append(("pattern", .string(pattern))) }
        if let format = form.format { members.append(("format", .string(format))) }
        if let longest = form.longest { members.append(("maxLength", .integer(longest))) }
        return members
    }

    private static func keywords(_ form: ListForm) -> [(name: String, value: JSON)] {
        var members = ends("minItems", form.least > 0 ? form.least : nil, "maxItems", form.most)
        if form.areDistinct { members.append(("uniqueItems", .bool(true))) }
        return members
    }

    private static func keywords(
        _ properties: [Property], _ form: ObjectForm
    ) -> [(name: String, value: JSON)] {
        var members: [(name: String, value: JSON)] = [
            ("type", .string("object")), ("properties", .object(properties.map { ($0.name, $0.schema.json) })),
        ]
        let required = properties.filter(\.isRequired)
        if !required.isEmpty { members.append(("required", .array(required.map { .string($0.name) }))) }
        if let others = form.others {
            members.append(("propertyNames", .object([("pattern", .string(others.pattern))])))
            members.append(("additionalProperties", others.schema.json))
        } else if !form.isOpen {
            members.append(("additionalProperties", .bool(false)))
        }
        if form.leastMembers > 0 { members.append(("minProperties", .integer(form.leastMembers))) }
        let pairs = properties.flatMap { property in property.excluded.map { [property.name, $0] } }
        let both = pairs.map { JSON.object([("required", .array($0.map { .string($0) }))]) }
        if let pair = both.first {
            members.append(("not", both.count == 1 ? pair : .object([("anyOf", .array(both))])))
        }
        return members
    }

    /// A value that may be null beside another has two types; everything else is a list of schemas.
    private static func keywords(anyOf schemas: [Schema]) -> [(name: String, value: JSON)] {
        if schemas.count == 2, case .null = schemas[1].kind {
            var members = schemas[0].keywords
            if case .words = schemas[0].kind {
            } else if case .string(let type)? = members.first?.value,
                members.first?.name == "type"
            {
                members[0].value = .array([.string(type), .string("null")])
                return members
            }
        }
        return [("anyOf", .array(schemas.map(\.json)))]
    }

    /// Named schemas that occur within, by name.
    package func gather(into named: inout [String: Schema]) {
        switch kind {
        case .anything, .null, .boolean, .number, .integer, .text, .words, .constant: break
        case .list(let element, _): element.gather(into: &named)
        case .anyOf(let schemas): for schema in schemas { schema.gather(into: &named) }
        case .object(let properties, let form):
            for property in properties { property.schema.gather(into: &named) }
            form.others?.schema.gather(into: &named)
        case .named(let name, let schema):
            if named.updateValue(schema, forKey: name) == nil { schema.gather(into: &named) }
        }
    }
}
