extension Declaration {
    /// Every endpoint's declaration, in an order in which their examples work.
    ///
    static func all(_ configuration: APIConfiguration, _ facts: ModelFacts) -> [Declaration] {
        [
            models, model(facts), sample(facts), likelihood(facts), encode(facts), decode(facts), inpaint(facts),
            ruin(RuinFields(limits: configuration.ruin)), ruinMerge,
            probability(ProbabilityFields(mostEvaluations: configuration.maximumEvaluations)),
            probabilityMerge,
            gradients(GradientFields(maximumDraws: configuration.maximumDraws)),
            evidence(EvidenceFields(maximumDraws: configuration.maximumDraws)), project, maximize,
            convolution(ConvolutionFields(limits: configuration.convolution)),
        ]
    }

    /// The same with the default limits: for the help of commands and the documentation.
    package static let standard = all(APIConfiguration(), .none)

    /// What the command is called that asks the endpoint: the last part of its path.
    package var commandName: String { command ?? path.split(separator: "/").last.map(String.init) ?? path }

    /// The fields that a command takes: those of the body, then those of the query alone.
    package var commandFields: [Property] {
        guard let operation = commandOperation else { return [] }
        let members = operation.members
        return members + operation.query.filter { field in !members.contains { $0.name == field.name } }
    }

    /// What a command asks: with a body, where there is an operation that takes one.
    package var commandOperation: Operation? { operations.last }

    /// The forms of the answer that a file may have.
    package var fileForms: [MediaType] { answer.contents.map(\.type).filter { $0 != .ndjson } }

    /// The same for standard output, which may get progress, too.
    package var streamForms: [MediaType] { answer.contents.filter { $0.type != .ndjson || $0.isProgress }.map(\.type) }

    package var hasProgress: Bool { answer.contents.contains(where: \.isProgress) }
}
