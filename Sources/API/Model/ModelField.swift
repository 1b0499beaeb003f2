/// The field `model` of all requests that a model answers.
struct ModelField: Sendable {
    static let name = "model"
    /// Bytes of the longest name that is looked up.
    private static let longest = 1024

    let property: Property

    /// - Parameter names: of the models that are served, the default first; none where that is not known.
    init(names: [String]) {
        let sentence = "Which of the models answers; /models lists them."
        property = .field(
            Self.name, names.isEmpty ? .text(sentence, TextForm(longest: Self.longest)) : .words(names, sentence),
            default: names.first.map(JSON.string))
    }

    /// The name as a request has it; nil where it names none.
    static func read(from fields: inout Fields) throws -> String? { try fields.string(name, longest: longest) }
}
