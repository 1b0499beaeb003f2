/// One value of a JSON text that was read.
public struct JSONNode: Sendable {
    let document: JSONDocument
    /// The value's place among the document's words.
    let index: Int

    private var word: UInt64 { document.words[index] }
    private var wordKind: JSONWord.Kind? { JSONWord.kind(word) }

    /// Where the next value is that is not within this one.
    fileprivate var end: Int {
        switch wordKind {
        case .array, .numbers, .object: JSONWord.place(word)
        default: index + 1
        }
    }

    /// What a value is called in an error.
    var kind: String {
        switch wordKind {
        case nil: "a number"
        case .null: "null"
        case .yes, .no: "a Boolean"
        case .string: "a string"
        case .array, .numbers: "an array"
        case .object: "an object"
        }
    }

    public var isNull: Bool { wordKind == .null }
    public var isArray: Bool { wordKind == .array || wordKind == .numbers }

    public var double: Double? {
        wordKind == nil ? Double(bitPattern: word) : nil
    }

    public var bool: Bool? {
        switch wordKind {
        case .yes: true
        case .no: false
        default: nil
        }
    }

    public var string: String? {
        wordKind == .string ? document.string(at: JSONWord.place(word)) : nil
    }

    /// Bytes of a string as it was sent, escapes and quotation marks included; 0 for other values.
    var stringLength: Int {
        guard wordKind == .string else { return 0 }
        let start = JSONWord.place(word)
        var end = start + 1
        while document.text[end] != UInt8(ascii: "\"") {
            end += document.text[end] == UInt8(ascii: "\\") ? 2 : 1
        }
        return end + 1 - start
    }

    /// The elements, where the value is an array.
    public var elements: Elements? {
        isArray ? Elements(document: document, place: index + 1, end: end) : nil
    }

    /// How many elements there are, where the value is an array; O(1) for one of numbers only, else O(n).
    public var count: Int? {
        switch wordKind {
        case .numbers: end - index - 1
        case .array: elements?.reduce(0) { count, _ in count + 1 }
        default: nil
        }
    }

    /// The numbers, where the value is an array of nothing else.
    public var numbers: [Double]? {
        guard wordKind == .numbers else { return nil }
        return document.words[index + 1..<end].map { Double(bitPattern: $0) }
    }

    /// Names and values in order, where the value is an object.
    public var members: Members? {
        wordKind == .object ? Members(document: document, place: index + 1, end: end) : nil
    }

    public struct Elements: Sequence, IteratorProtocol {
        let document: JSONDocument
        fileprivate var place: Int
        let end: Int

        public mutating func next() -> JSONNode? {
            guard place < end else { return nil }
            let node = JSONNode(document: document, index: place)
            place = node.end
            return node
        }
    }

    public struct Members: Sequence, IteratorProtocol {
        let document: JSONDocument
        fileprivate var place: Int
        let end: Int

        public mutating func next() -> (name: String, value: JSONNode)? {
            guard place + 1 < end else { return nil }
            let name = document.string(at: JSONWord.place(document.words[place]))
            let node = JSONNode(document: document, index: place + 1)
            place = node.end
            return (name, node)
        }
    }
}

extension JSON {
    /// The value as one that can be written.
    public init(_ node: JSONNode) {
        if let numbers = node.numbers {
            self = numbers.isEmpty ? .array([]) : .numbers(numbers)
        } else if let elements = node.elements {
            self = .array(elements.map { JSON($0) })
        } else if let members = node.members {
            self = .object(members.map { ($0.name, JSON($0.value)) })
        } else if let string = node.string {
            self = .string(string)
        } else if let bool = node.bool {
            self = .bool(bool)
        } else {
            self = node.double.map { .number($0) } ?? .null
        }
    }
}
