/// What a JSON value may be: what a field takes, what a reply holds. It becomes JSON Schema (draft 2020-12,
/// the dialect of OpenAPI 3.1) in `/openapi.json`, and a sentence in a command's help.
package struct Schema: Sendable {
    package indirect enum Kind: Sendable {
        case anything
        case null
        case boolean
        case number(NumberBounds)
        /// A whole number; nil where the range is open to that side.
        case integer(least: Int?, most: Int?)
        case text(TextForm)
        /// One of these texts.
        case words([String])
        case constant(JSON)
        case list(of: Schema, ListForm)
        case object([Property], ObjectForm)
        case anyOf([Schema])
        /// A schema that has a place of its own in the document, by that name.
        case named(String, Schema)
    }

    package let kind: Kind
    /// A sentence, or a few words with a full stop.
    package var sentence: String
    /// What a number counts or measures: “nats”.
    package var unit: String?
    /// What holds where a value is left out.
    package var standard: JSON?
    package var examples: [JSON] = []

    package init(_ kind: Kind, _ sentence: String = "") {
        self.kind = kind
        self.sentence = sentence
    }
}

/// What a text looks like.
package struct TextForm: Sendable {
    /// A regular expression that the whole text matches (ECMA-262).
    package var pattern: String?
    /// What the text is in, where JSON Schema has no word for it: `expression`.
    package var format: String?
    /// Most characters.
    package var longest: Int?

    package init(pattern: String? = nil, format: String? = nil, longest: Int? = nil) {
        self.pattern = pattern
        self.format = format
        self.longest = longest
    }
}

package struct ListForm: Sendable {
    package var least = 0
    package var most: Int?
    package var areDistinct = false

    package init(least: Int = 0, most: Int? = nil, areDistinct: Bool = false) {
        self.least = least
        self.most = most
        self.areDistinct = areDistinct
    }
}

package struct ObjectForm: Sendable {
    /// Whether there may be members that are not declared.
    package var isOpen = false
    package var leastMembers = 0
    /// What members are that are not declared, where all such are alike.
    package var others: Others?

    package init(isOpen: Bool = false, leastMembers: Int = 0, others: Others? = nil) {
        self.isOpen = isOpen
        self.leastMembers = leastMembers
        self.others = others
    }

    /// Members of the client's own names.
    package final class Others: Sendable {
        /// A regular expression that each name matches.
        package let pattern: String
        package let schema: Schema

        package init(named pattern: String, _ schema: Schema) {
            self.pattern = pattern
            self.schema = schema
        }
    }
}

/// A named value: a parameter of a query, a member of an object.
package struct Property: Sendable {
    /// What a command makes of a field that is not simply a value.
    package enum Role: Sendable, Hashable {
        case value
        /// An image: a file with a PNG or JSON.
        case image
        /// A mask: the same, white where a PNG's pixel is missing.
        case mask
        /// How a picture is drawn: only where the answer is one.
        case drawing
    }

    package let name: String
    package var schema: Schema
    /// Whether it must be there: in a request to be understood, in a reply always.
    package var isRequired: Bool
    package var role = Role.value
    /// Fields that a request must not have together with this one.
    package private(set) var excluded: [String] = []

    package init(_ name: String, _ schema: Schema, isRequired: Bool = true) {
        self.name = name
        self.schema = schema
        self.isRequired = isRequired
    }

    package static func always(_ name: String, _ schema: Schema) -> Property { Property(name, schema) }
    package static func sometimes(_ name: String, _ schema: Schema) -> Property {
        Property(name, schema, isRequired: false)
    }

    /// The same, with a sentence that says so.
    package func excluding(_ names: [String]) -> Property {
        var copy = self
        copy.excluded = names
        copy.schema.sentence += " Not together with \(names.joined(separator: " or "))."
        return copy
    }

    package func playing(_ role: Role) -> Property {
        var copy = self
        copy.role = role
        return copy
    }
}
