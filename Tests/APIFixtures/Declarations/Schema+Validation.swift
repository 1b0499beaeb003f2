import API

extension Schema {
    /// Where and why a value is not what the schema says, nil where it is.
    package func complaint(of value: JSON, at pointer: String = "") -> String? {
        switch kind {
        case .anything: return nil
        case .null:
            guard case .null = value else { return expected("null", value, pointer) }
        case .boolean:
            guard case .bool = value else { return expected("a Boolean", value, pointer) }
        case .number(let bounds):
            guard let number = value.double else { return expected("a number", value, pointer) }
            guard bounds.contains(number) else { return "\(pointer): \(number) is out of range" }
        case .integer(let least, let most):
            guard let number = value.double, number == number.rounded() else {
                return expected("a whole number", value, pointer)
            }
            guard number >= least.map(Double.init) ?? -.infinity, number <= most.map(Double.init) ?? .infinity else {
                return "\(pointer): \(number) is out of range"
            }
        case .text(let form):
            guard let text = value.text else { return expected("a string", value, pointer) }
            return form.complaint(of: text).map { "\(pointer): \($0)" }
        case .words(let words):
            guard let text = value.text, words.contains(text) else {
                return expected(words.joined(separator: " or "), value, pointer)
            }
        case .constant(let constant):
            guard JSONWriter.write(constant, .line) == JSONWriter.write(value, .line) else {
                return expected("a constant", value, pointer)
            }
        case .list(let element, let form):
            guard let elements = value.elements else { return expected("an array", value, pointer) }
            guard elements.count >= form.least, elements.count <= form.most ?? .max else {
                return "\(pointer): \(elements.count) elements"
            }
            return Self.first(elements.enumerated()) { element.complaint(of: $1, at: "\(pointer)/\($0)") }
        case .object(let properties, let form): return complaint(of: value, properties, form, pointer)
        case .anyOf(let schemas):
            let complaints = schemas.map { $0.complaint(of: value, at: pointer) }
            return complaints.contains(nil) ? nil : "\(complaints.compactMap(\.self).joined(separator: "; or "))"
        case .named(_, let schema): return schema.complaint(of: value, at: pointer)
        }
        return nil
    }

    private func complaint(
        of value: JSON, _ properties: [Property], _ form: ObjectForm, _ pointer: String
    ) -> String? {
        guard case .object(let members) = value else { return expected("an object", value, pointer) }
        for property in properties where property.isRequired && value[property.name] == nil {
            return "\(pointer): no \(property.name)"
        }
        guard members.count >= form.leastMembers else { return "\(pointer): too few members" }
        return Self.first(members) { name, value in
            guard let property = properties.first(where: { $0.name == name }) else {
                if let others = form.others, (try? Regex(others.pattern).firstMatch(in: name)) != nil {
                    return others.schema.complaint(of: value, at: "\(pointer)/\(name)")
                }
                return form.isOpen ? nil : "\(pointer)/\(name) is not declared"
            }
            return property.schema.complaint(of: value, at: "\(pointer)/\(name)")
        }
    }

    private static func first<Elements: Sequence>(
        _ elements: Elements, _ complaint: (Elements.Element) -> String?
    ) -> String? {
        elements.lazy.compactMap(complaint).first
    }

    private func expected(_ what: String, _ value: JSON, _ pointer: String) -> String {
        let found = String(decoding: JSONWriter.write(value, .line).dropLast().prefix(60), as: UTF8.self)
        return "\(pointer): \(what) is declared, not \(found)"
    }
}

extension TextForm {
    fileprivate func complaint(of text: String) -> String? {
        if let longest, text.unicodeScalars.count > longest { return "longer than \(longest)" }
        guard let pattern else { return nil }
        guard let expression = try? Regex(pattern) else { return "no regular expression: \(pattern)" }
        return text.contains(expression) ? nil : "“\(text.prefix(60))” does not match \(pattern)"
    }
}
