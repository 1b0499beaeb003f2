import Statistics

/// A distribution as a request writes it: `normal:0:1`, or an object with its name and its parameters by theirs.
struct DistributionText: Sendable {
    let distribution: any ContinuousDistribution
    /// The same as a text.
    let text: String

    /// - Parameter culprit: what to blame.
    init(_ text: String, _ culprit: Problem.Culprit) throws {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let family: DistributionFamily = try Fields.choice(
            String(parts.first ?? ""), "The distribution must be one of", culprit)
        let values = try parts.dropFirst().map { part in
            guard let value = NumberText.double(String(part)) else {
                throw Problem.malformed(
                    "\(text.quoted) must be \(family.pattern), with a number for each parameter, not "
                        + "\(String(part).quoted).", culprit)
            }
            return value
        }
        try self.init(family, values) { _ in culprit }
    }

    init(_ node: JSONNode, at pointer: String) throws {
        if node.stringLength > 0 {
            guard node.stringLength < 1000, let text = node.string else {
                throw Problem.invalid("The distribution is too long a text.", .pointer(pointer))
            }
            try self.init(text, .pointer(pointer))
            return
        }
        guard node.members != nil else {
            throw Problem.invalid(
                "A distribution is expected, an object such as {\"distribution\": \"normal\", \"mean\": 0, \"std\": 1} or "
                    + "a text such as normal:0:1, not \(node.kind).", .pointer(pointer))
        }
        var fields = try Fields(node, at: pointer)
        guard let family: DistributionFamily = try fields.choice("distribution") else {
            throw fields.missing(
                "distribution", "one of \(DistributionFamily.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        let given = try family.parameters.map { try fields.double($0.name) ?? $0.defaultValue }
        // A misspelled name comes before the one that is missing because of it.
        try fields.finish()
        let values = try zip(family.parameters, given).map { parameter, value in
            guard let value else { throw fields.missing(parameter.name, "\(family.rawValue) needs it") }
            return value
        }
        try self.init(family, values) { fields.culprit($0) }
    }

    private init(
        _ family: DistributionFamily, _ values: [Double], culprit: (String) -> Problem.Culprit
    ) throws {
        do {
            distribution = try family.distribution(values)
        } catch {
            guard error.parameter != family.rawValue else {
                throw Problem.invalid("“\(error.parameter)” \(error.reason).", culprit("distribution"))
            }
            throw Problem.invalid(
                "“\(error.parameter)” of \(family.rawValue) \(error.reason).", culprit(error.parameter))
        }
        text = ([family.rawValue] + values.map(JSONText.number)).joined(separator: ":")
    }
}

extension DistributionFamily {
    /// `normal:mean:std`
    fileprivate var pattern: String { ([rawValue] + parameters.map(\.name)).joined(separator: ":") }
}

extension Schema {
    /// What `DistributionText` reads.
    static let distribution = named(
        "Distribution",
        anyOf(
            [distributionText]
                + DistributionFamily.allCases.map { family in
                    object(
                        "",
                        [.always("distribution", .constant(.string(family.rawValue), "Its name."))]
                            + family.parameters.map { parameter in
                                let bounds: NumberBounds = parameter.isPositive ? NumberBounds(above: 0) : .none
                                let schema = number("Of the distribution.", bounds).withStandard(
                                    parameter.defaultValue.map(JSON.number))
                                return Property(
                                    parameter.name, schema, isRequired: parameter.defaultValue == nil)
                            })
                },
            "A distribution: an object with its name and its parameters, or the same as a text, normal:0:1, in the order "
                + "given there."))

    static let distributionText = text(
        "NAME:PARAMETER:PARAMETER, such as normal:0:1.",
        TextForm(pattern: "^(\(DistributionFamily.allCases.map(\.rawValue).joined(separator: "|")))(:[0-9.eE+/-]+)*$"))
}
