// Schemas in few words.
extension Schema {
    package static func anything(_ sentence: String) -> Schema { Schema(.anything, sentence) }
    package static func boolean(_ sentence: String) -> Schema { Schema(.boolean, sentence) }
    package static var null: Schema { Schema(.null) }

    package static func number(_ sentence: String = "", _ bounds: NumberBounds = .none) -> Schema {
        Schema(.number(bounds), sentence)
    }

    /// Logarithms of densities are in nats.
    package static func nats(_ sentence: String) -> Schema { number(sentence).measured(in: "nats") }

    package static func integer(_ sentence: String = "", from least: Int? = nil, to most: Int? = nil) -> Schema {
        Schema(.integer(least: least, most: most), sentence)
    }

    /// A whole number that is not negative.
    package static func count(_ sentence: String) -> Schema { integer(sentence, from: 0) }

    package static func text(_ sentence: String, _ form: TextForm = TextForm()) -> Schema {
        Schema(.text(form), sentence)
    }

    package static func words(_ words: [String], _ sentence: String = "") -> Schema { Schema(.words(words), sentence) }

    /// One of an enumeration's raw values.
    package static func words<Choice: RawRepresentable & CaseIterable>(
        of type: Choice.Type, _ sentence: String = ""
    ) -> Schema where Choice.RawValue == String {
        words(Choice.allCases.map(\.rawValue), sentence)
    }

    package static func constant(_ value: JSON, _ sentence: String = "") -> Schema {
        Schema(.constant(value), sentence)
    }

    package static func list(of element: Schema, _ sentence: String = "", _ form: ListForm = ListForm()) -> Schema {
        Schema(.list(of: element, form), sentence)
    }

    /// Numbers, any of which may be null where it does not exist.
    package static func column(_ sentence: String) -> Schema { list(of: number().orNull, sentence) }
    package static func numbers(_ sentence: String) -> Schema { list(of: number(), sentence) }

    /// Two ends.
    package static func pair(of element: Schema, _ sentence: String) -> Schema {
        list(of: element, sentence, ListForm(least: 2, most: 2))
    }

    package static func object(
        _ sentence: String, _ properties: [Property], _ form: ObjectForm = ObjectForm()
    ) -> Schema {
        Schema(.object(properties, form), sentence)
    }

    package static func anyOf(_ schemas: [Schema], _ sentence: String = "") -> Schema {
        Schema(.anyOf(schemas), sentence)
    }

    package static func named(_ name: String, _ schema: Schema) -> Schema { Schema(.named(name, schema)) }

    /// The same, or null.
    package var orNull: Schema {
        var bare = self
        bare.sentence = ""
        bare.unit = nil
        return .anyOf([bare, .null], sentence).measured(in: unit)
    }

    package func measured(in unit: String?) -> Schema {
        var copy = self
        copy.unit = unit
        return copy
    }

    package func withStandard(_ value: JSON?) -> Schema {
        var copy = self
        copy.standard = value
        return copy
    }

    package func withExamples(_ values: [JSON]) -> Schema {
        var copy = self
        copy.examples = values
        return copy
    }

    package func saying(_ sentence: String) -> Schema {
        var copy = self
        copy.sentence = sentence
        return copy
    }
}
