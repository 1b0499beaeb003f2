import API

/// A JSON text in parts, any of which can be put out of joint.
indirect enum SweepTree {
    case literal(String)
    case array([SweepTree])
    case object([(name: String, value: SweepTree)])

    init(_ text: String) throws { self.init(try JSONReader.read(Array(text.utf8))) }

    init(_ json: JSON) {
        switch json {
        case .object(let fields): self = .object(fields.map { ($0.name, SweepTree($0.value)) })
        default:
            if let elements = json.elements {
                self = .array(elements.map { SweepTree($0) })
            } else {
                self = .literal(String(decoding: JSONWriter.write(json, .line).dropLast(), as: UTF8.self))
            }
        }
    }

    var text: String {
        switch self {
        case .literal(let text): text
        case .array(let elements): "[" + elements.map(\.text).joined(separator: ",") + "]"
        case .object(let fields):
            "{" + fields.map { Self.quoted($0.name) + ":" + $0.value.text }.joined(separator: ",") + "}"
        }
    }

    static func quoted(_ text: String) -> String {
        String(decoding: JSONWriter.write(.string(text), .line).dropLast(), as: UTF8.self)
    }

    /// Changes one part, chosen at random: its value, whether it is there, or how often.
    mutating func mutate(_ name: String = "", using generator: inout some RandomNumberGenerator) {
        switch self {
        case .object(var fields) where !fields.isEmpty && Int.random(in: 0..<8, using: &generator) > 0:
            let index = Int.random(in: 0..<fields.count, using: &generator)
            switch Int.random(in: 0..<20, using: &generator) {
            case 0: fields.remove(at: index)
            case 1: fields.append(fields[index])
            case 2: fields.append((Self.names.randomElement(using: &generator) ?? "a", .literal("1")))
            case 3: fields[index].name = Self.names.randomElement(using: &generator) ?? "b"
            default: fields[index].value.mutate(fields[index].name, using: &generator)
            }
            self = .object(fields)
        case .array(var elements) where !elements.isEmpty && Int.random(in: 0..<5, using: &generator) > 0:
            let index = Int.random(in: 0..<elements.count, using: &generator)
            switch Int.random(in: 0..<12, using: &generator) {
            case 0: elements.remove(at: index)
            case 1: elements.append(elements[index])
            default: elements[index].mutate(name, using: &generator)
            }
            self = .array(elements)
        default: self = .literal(Self.literal(name, using: &generator))
        }
    }

    private static let names = [
        "", "x", "seed", "iteratoins", "~1/", "e\u{301}", "é", String(repeating: "n", count: 200),
        "q" + String(repeating: "\u{323}\u{301}", count: 50),
    ]

    private static func literal(_ name: String, using generator: inout some RandomNumberGenerator) -> String {
        switch Int.random(in: 0..<20, using: &generator) {
        case 0..<11: SweepValues.number(for: name, &generator)
        case 11..<15: quoted(SweepValues.texts.randomElement(using: &generator) ?? "")
        case 15..<19: SweepValues.literals.randomElement(using: &generator) ?? "null"
        default: SweepValues.longLiteral(&generator)
        }
    }
}
