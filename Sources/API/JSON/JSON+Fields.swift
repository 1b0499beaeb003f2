extension JSON {
    /// The field of that name, where the value is an object.
    package subscript(name: String) -> JSON? {
        guard case .object(let fields) = self else { return nil }
        return fields.first { $0.name == name }?.value
    }

    package var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// An object with that field, in the place of the one it had or at the end; without it where it is nil.
    package func setting(_ name: String, to value: JSON?) -> JSON {
        guard case .object(var fields) = self else { preconditionFailure("only objects have fields") }
        let place = fields.firstIndex { $0.name == name }
        switch (value, place) {
        case (let value?, let place?): fields[place].value = value
        case (let value?, nil): fields.append((name, value))
        case (nil, let place?): fields.remove(at: place)
        case (nil, nil): break
        }
        return .object(fields)
    }

    /// What a flag spells: a number where it reads as one, else a text, which the endpoint judges.
    package init(flag text: String) {
        if let number = try? JSONReader.read(Array(text.utf8)), number.double != nil {
            self = number
        } else {
            self = .string(text)
        }
    }
}
