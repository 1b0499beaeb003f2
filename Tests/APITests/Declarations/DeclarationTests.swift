import API
import APIFixtures
import HTTPTypes
import Testing

@Suite struct DeclarationTests {
    /// Of rows of numbers each number is spoken of once.
    @Test func whatValuesMayBeIsSaidOnce() {
        let texts = Declaration.standard.flatMap(\.commandFields).compactMap(\.schema.allowed)
        #expect(!texts.isEmpty)
        for text in texts {
            #expect(!text.contains("each each"), "\(text)")
            let parts = text.split(separator: " or ")
            #expect(Set(parts).count == parts.count, "\(text)")
        }
    }

    /// Whoever reads a command's help or the table of an endpoint sees how each set is written.
    @Test func everySetIsShownWhereASetIsAskedFor() {
        let fields = Declaration.standard.flatMap(\.commandFields).filter { $0.name == "constraints" }
        #expect(fields.count == 2)
        for field in fields {
            for form in [#"{"ball": {"center""#, #"{"simplex": "#, #"{"half_space": {"normal""#, #"{"fixed": "#] {
                #expect(field.schema.toldSentence.contains(form), "\(form)")
            }
        }
    }

    /// What the help and the documentation are made from is what is served.
    @Test func theCatalogHasEveryEndpoint() throws {
        let served = try APIClient().application
        #expect(Declaration.standard.map(\.path).sorted() == served.routes.map(\.path).sorted())
        #expect(Set(Declaration.standard.map(\.commandName)).count == Declaration.standard.count)
    }

    /// The schema and the reader of a number state the same ends.
    @Test func everyNumberOfAQueryIsRefusedBeyondItsEnds() async throws {
        let client = try APIClient()
        for declaration in client.application.declarations where declaration.tag != .operations {
            for operation in declaration.operations where operation.method == .get {
                for property in operation.query {
                    for value in Self.beyond(property.schema) {
                        let reply = try await client.send(.get, "\(declaration.path)?\(property.name)=\(value)")
                        #expect(reply.status == 422, "\(declaration.path)?\(property.name)=\(value): \(reply.text)")
                        #expect(try reply.json()["parameter"]?.text == property.name)
                    }
                }
            }
        }
    }

    @Test func fieldsThatExcludeOneAnotherAreRefusedTogether() async throws {
        let client = try APIClient()
        for declaration in client.application.declarations {
            for operation in declaration.operations where operation.method == .get {
                for property in operation.query {
                    for other in operation.query where property.excluded.contains(other.name) {
                        let pair = try [property, other].map { "\($0.name)=\(try #require(Self.value($0)))" }
                        let target = "\(declaration.path)?\(pair.joined(separator: "&"))&seed=1"
                        let reply = try await client.send(.get, target)
                        #expect(reply.status == 422, "\(target): \(reply.text)")
                    }
                }
            }
        }
    }

    /// The same of members of bodies, however deep.
    @Test func membersThatExcludeOneAnotherAreRefusedTogether() async throws {
        let client = try APIClient()
        var count = 0
        for declaration in client.application.declarations {
            for operation in declaration.operations {
                let body = JSON.object(
                    operation.members.filter(\.isRequired).map {
                        ($0.name, $0.schema.examples.first ?? Self.sample($0.schema))
                    })
                for (path, property, other) in Self.exclusions(among: operation.members) {
                    let both = JSON.object(
                        [property, other].map { ($0.name, $0.schema.examples.first ?? Self.sample($0.schema)) })
                    let nested = path.reversed().reduce(both) { .object([($1, $0)]) }
                    guard case .object(let members) = nested else { continue }
                    let text = members.reduce(body) { $0.setting($1.name, to: $1.value) }
                    let reply = try await client.send(
                        operation.method, declaration.path, bytes: JSONWriter.write(text, .line),
                        type: "application/json")
                    #expect(reply.status == 422, "\(declaration.path) \(property.name), \(other.name): \(reply.text)")
                    let pointers = [property, other].map { "/" + (path + [$0.name]).joined(separator: "/") }
                    #expect(pointers.contains(try reply.json()["pointer"]?.text ?? ""), "\(reply.text)")
                    count += 1
                }
            }
        }
        #expect(count > 0)
    }

    private static func exclusions(
        among properties: [Property], at path: [String] = []
    ) -> [(path: [String], Property, Property)] {
        properties.flatMap { property in
            let own = properties.filter { property.excluded.contains($0.name) }.map { (path, property, $0) }
            guard case .object(let members, _) = property.schema.kind else { return own }
            return own + exclusions(among: members, at: path + [property.name])
        }
    }

    /// A value that the schema allows.
    private static func sample(_ schema: Schema) -> JSON {
        switch schema.kind {
        case .anything, .null: .null
        case .boolean: .bool(true)
        case .number: .number(0.5)
        case .integer(let least, _): .integer(least ?? 1)
        case .text: .string("x")
        case .words(let words): .string(words[0])
        case .constant(let value): value
        case .list(let element, let form): .array(Array(repeating: sample(element), count: max(form.least, 1)))
        case .object(let members, _): .object(members.filter(\.isRequired).map { ($0.name, sample($0.schema)) })
        case .anyOf(let schemas): sample(schemas[0])
        case .named(_, let schema): sample(schema)
        }
    }

    /// A value other than the default.
    private static func value(_ property: Property) -> String? {
        let example = property.schema.examples.first ?? property.schema.standard
        if property.schema.standard?.text == "auto" { return "0.5" }
        return example?.text ?? example?.double.map { "\($0)" }
    }

    private static func beyond(_ schema: Schema) -> [String] {
        let texts = schema.alternatives.flatMap { schema -> [String] in
            switch schema.kind {
            case .integer(let least, let most):
                [least.map { "\($0 - 1)" }, most.map { "\($0 + 1)" }].compactMap(\.self)
            case .number(let bounds):
                [
                    bounds.lower.map { "\($0.isIncluded ? $0.value.nextDown : $0.value)" },
                    bounds.upper.map { "\($0.isIncluded ? $0.value.nextUp : $0.value)" },
                ].compactMap(\.self)
            default: []
            }
        }
        // In a query a plus is a space.
        return texts.map { $0.split(separator: "+").joined(separator: "%2B") }
    }

    /// The form that a command gives a text has the types of the schema.
    @Test func textsBecomeWhatTheSchemaSays() throws {
        func value(_ text: String, of schema: Schema) throws -> String {
            String(decoding: JSONWriter.write(try schema.value(of: text), .line).dropLast(), as: UTF8.self)
        }
        let automatic = Schema.anyOf([.constant(.string("auto")), .number()])
        #expect(try value("auto", of: automatic) == "\"auto\"")
        #expect(try value("1/4", of: automatic) == "0.25")
        #expect(try value("7", of: .text("")) == "\"7\"")
        #expect(try value("1, 2", of: .numbers("")) == "[1,2]")
        #expect(try value("1", of: .numbers("")) == "[1]")
        #expect(try value("[[1],[2]]", of: .list(of: .numbers(""))) == "[[1],[2]]")
        #expect(try value("a,b", of: .list(of: .text(""))) == #"["a","b"]"#)
        let widths = Schema.anyOf([.integer(), .list(of: .integer())])
        #expect(try value("8", of: widths) == "8")
        #expect(try value("8,4", of: widths) == "[8,4]")
        #expect(throws: JSONError.self) { try value("[1,", of: .numbers("")) }
    }

    @Test func rangesReadAsPeopleSayThem() {
        #expect(Schema.integer("", from: 1, to: 1 << 50).allowed == "1 to 2^50")
        #expect(Schema.integer("", from: 0, to: 1 << 53 - 1).allowed == "0 to 2^53 - 1")
        #expect(Schema.integer("", from: 1, to: 1_000_000_000_000).allowed == "1 to 10^12")
        #expect(Schema.number("", NumberBounds(above: 0, below: 1)).allowed == "above 0 and below 1")
        #expect(Schema.number("", NumberBounds(from: 0, to: 1e300)).allowed == "at least 0")
        #expect(Schema.anyOf([.constant(.string("auto")), .number()]).allowed == "auto")
    }
}
