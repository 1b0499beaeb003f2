import Expressions

// The kinds of fields that most endpoints have. Each states its range once, for the schema and for the reader.

extension Field where Value == Int {
    /// - Parameter documented: the range that the schema states, where the science narrows it and says why.
    static func integer(
        _ name: String, in range: ClosedRange<Int>, documented: ClosedRange<Int>? = nil, default standard: Int,
        example: Int? = nil, _ sentence: String
    ) -> Field {
        Field(
            .field(
                name, Schema.integer(sentence, documented ?? range), default: .integer(standard),
                example.map(JSON.integer))
        ) { try $0.integer(name, in: range) ?? standard }
    }
}

extension Field where Value == UInt64? {
    /// What makes random numbers repeatable.
    static func seed(_ name: String = "seed") -> Field {
        Field(
            .field(
                name, .seed("The same seed gives the same bytes; left out, one is chosen and reported."), default: nil,
                .integer(1))
        ) { try $0.seed(name) }
    }
}

extension Field where Value == Double {
    /// - Parameter shown: the default as people would write it.
    static func number(
        _ name: String, in range: some NumberRange<Double> & Sendable = AnyFinite(), default standard: Double,
        shown: JSON? = nil,
        example: JSON? = nil, _ sentence: String
    ) -> Field {
        Field(.field(name, .number(sentence, range.bounds), default: shown ?? .number(standard), example)) {
            try $0.double(name, in: range) ?? standard
        }
    }
}

extension Field where Value == Double? {
    static func number(
        _ name: String, in range: some NumberRange<Double> & Sendable = AnyFinite(), example: JSON? = nil,
        _ sentence: String
    ) -> Field {
        Field(.field(name, .number(sentence, range.bounds), default: nil, example)) {
            try $0.double(name, in: range)
        }
    }
}

extension Field where Value == Bool {
    static func flag(_ name: String, _ sentence: String) -> Field {
        Field(.field(name, .boolean(sentence), default: .bool(false))) { try $0.bool(name) ?? false }
    }
}

extension Field where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    static func choice(_ name: String, default standard: Value, _ sentence: String) -> Field {
        Field(.field(name, .words(of: Value.self, sentence), default: .string(standard.rawValue))) {
            try $0.choice(name) ?? standard
        }
    }
}

extension Field {
    /// Some of an enumeration's cases.
    static func choices<Choice>(
        _ name: String, default standard: [Choice], _ sentence: String
    ) -> Field where Value == [Choice], Choice: RawRepresentable & CaseIterable & Sendable, Choice.RawValue == String {
        let schema = Schema.list(of: .words(of: Choice.self), sentence, ListForm(least: 1, areDistinct: true))
        return Field(.field(name, schema, default: .array(standard.map { .string($0.rawValue) }))) {
            try $0.choices(name) ?? standard
        }
    }
}

extension Property {
    /// A field of a request that may be left out.
    static func field(_ name: String, _ schema: Schema, default standard: JSON?, _ example: JSON? = nil) -> Property {
        Property(
            name, schema.withStandard(standard).withExamples(example.map { [$0] } ?? []), isRequired: false)
    }

    /// A field that a request must have.
    static func required(_ name: String, _ schema: Schema, _ example: JSON? = nil) -> Property {
        Property(name, schema.withExamples(example.map { [$0] } ?? []))
    }
}

extension Schema {
    /// An end at the greatest or least value of its type bounds nothing, and is left out.
    static func integer(_ sentence: String, _ range: ClosedRange<Int>) -> Schema {
        .integer(
            sentence, from: range.lowerBound == .min ? nil : range.lowerBound,
            to: range.upperBound == .max ? nil : range.upperBound)
    }

    /// 0 … 2^53 − 1: what a double holds exactly.
    static func seed(_ sentence: String) -> Schema { .integer(sentence, from: 0, to: 1 << 53 - 1) }
}

extension Field where Value == String? {
    static func text(_ name: String, _ form: TextForm = TextForm(), example: String? = nil, _ sentence: String) -> Field
    {
        Field(.field(name, .text(sentence, form), default: nil, example.map(JSON.string))) { try $0.string(name) }
    }
}

extension Field where Value == Double? {
    /// A number, or the word auto, which is nil.
    static func automatic(_ name: String, in range: some NumberRange<Double>, _ sentence: String) -> Field {
        let schema = Schema.anyOf([.constant(.string("auto")), .number("", range.bounds)], sentence)
        return Field(.field(name, schema, default: .string("auto"))) { fields in
            if fields.isWord(name, "auto") {
                _ = fields.take(name)
                return nil
            }
            if case .json(let json)? = fields.peek(name), json.stringLength > 0 {
                let text = try fields.string(name) ?? ""
                throw Problem.invalid(
                    "“\(name)” must be \"auto\" or a number, not \(text.quoted).", fields.culprit(name))
            }
            return try fields.double(name, in: range)
        }
    }
}

extension Field where Value == Expression {
    /// An expression in these variables.
    static func expression(
        _ name: String, of variables: [String], default standard: String, _ sentence: String
    ) -> Field {
        Field(.field(name, .expression(sentence), default: .string(standard))) {
            try $0.expression(name, of: variables, default: standard)
        }
    }
}

extension Field where Value == [Double] {
    /// A list of numbers that must be there.
    ///
    /// - Parameter expected: what it is, as the error for its lack says.
    static func numbers(
        _ name: String, _ schema: Schema, example: JSON, expected: String
    ) -> Field {
        Field(.required(name, schema, example)) { fields in
            guard let numbers = try fields.numbers(name) else { throw fields.missing(name, expected) }
            return numbers
        }
    }
}

extension Schema {
    /// Variables, numbers, + - * / ^, functions: what `Expressions` reads.
    static func expression(_ sentence: String, longest: Int = 10_000) -> Schema {
        .text(sentence, TextForm(format: "expression", longest: longest))
    }
}
