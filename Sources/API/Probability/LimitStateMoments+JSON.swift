import RareEvents

/// Moments as counts with, for draws of a mixture, the weight of each hit, or for directions the value of each. Numbers are written
/// so that they come back to the bit. A margin that is infinite is null: which infinity it is follows from the hits.
extension LimitStateMoments {
    var json: JSON {
        var members: [(name: String, value: JSON)] = [
            ("count", .integer(Int(clamping: count))), ("of", .integer(Int(clamping: whole))),
            ("hits", .integer(Int(clamping: hits))),
        ]
        switch detail {
        case .draws(let draws):
            members += [
                ("complement", .bool(draws.isComplement)), ("least_margin", .optional(draws.least)),
                ("greatest_margin", .optional(draws.greatest)),
            ]
            if let weights = draws.weights {
                members += [("log_weights", .numbers(weights.logs)), ("wide_shares", .numbers(weights.wideShares))]
            }
        case .directions(let values, let evaluations):
            members += [("evaluations", .integer(Int(clamping: evaluations))), ("values", .numbers(values))]
        }
        return .object(members)
    }

    /// Reads what `json` wrote, and refuses what no draws can have left.
    init(_ json: JSONNode, at pointer: String, _ specification: LimitStateSpecification) throws {
        var fields = try Fields(json, at: pointer, ignoringNulls: true)
        let most = Int(clamping: specification.maximumEvaluations)
        let count = try fields.required("count", in: 0...most)
        let whole = try fields.required("of", in: 0...most)
        let hits = try fields.required("hits", in: 0...count)
        let detail: Detail
        if specification.method == .directional {
            let evaluations = try fields.required("evaluations", in: 0...most)
            let values = try fields.column("values", count: count)
            detail = .directions(values: values, evaluations: UInt64(evaluations))
        } else {
            guard let isComplement = try fields.bool("complement") else {
                throw fields.missing("complement", "whether hits are draws outside the event")
            }
            let least = try fields.double("least_margin") ?? (hits > 0 ? -.infinity : .infinity)
            let greatest = try fields.double("greatest_margin") ?? (hits < count ? .infinity : -.infinity)
            guard (least <= 0) == (hits > 0), (greatest > 0) == (hits < count), count == 0 || least <= greatest else {
                throw Problem.invalid(
                    "Margins are at most 0 where a draw hits, and above 0 elsewhere: these are not those of \(hits) hits in "
                        + "\(count) draws.", .pointer("\(pointer)/least_margin"))
            }
            var weights: Weights?
            if fields.peek("log_weights") != nil || fields.peek("wide_shares") != nil {
                let logs = try fields.column("log_weights", count: hits)
                let shares = try fields.column("wide_shares", count: hits)
                if let row = shares.firstIndex(where: { !(0...1).contains($0) }) {
                    throw Problem.invalid("A share lies between 0 and 1.", .pointer("\(pointer)/wide_shares/\(row)"))
                }
                weights = Weights(logs: logs, wideShares: shares)
            }
            detail = .draws(Draws(isComplement: isComplement, least: least, greatest: greatest, weights: weights))
        }
        try fields.finish()
        self.init(count: UInt64(count), of: UInt64(whole), hits: UInt64(hits), detail: detail)
    }
}

extension Fields {
    fileprivate mutating func required(_ name: String, in range: ClosedRange<Int>) throws -> Int {
        guard let value = try integer(name, in: range) else { throw missing(name, "a whole number") }
        return value
    }

    /// So many finite numbers.
    fileprivate mutating func column(_ name: String, count: Int) throws -> [Double] {
        guard let json = try json(name) else { throw missing(name, "a list of length \(count)") }
        guard let elements = json.elements else {
            throw Problem.invalid("“\(name)” must be a list, not \(json.kind).", culprit(name))
        }
        var values: [Double] = []
        for (row, element) in elements.enumerated() {
            guard let value = element.double, value.isFinite else {
                var place = culprit(name)
                if case .pointer(let pointer) = place { place = .pointer("\(pointer)/\(row)") }
                throw Problem.invalid("“\(name)” must hold numbers, not \(element.kind).", place)
            }
            values.append(value)
        }
        guard values.count == count else {
            throw Problem.invalid("“\(name)” must be a list of length \(count), not \(values.count).", culprit(name))
        }
        return values
    }
}

extension Schema {
    /// What `LimitStateMoments.json` writes.
    static var limitStateMoments: Schema {
        let hits = Property.always("hits", count("Draws in what is counted, or directions that meet the event."))
        let of = Property.always("of", count("Draws or directions of the whole run."))
        return anyOf(
            [
                object(
                    "Of draws.",
                    [
                        .always("count", count("Draws of this shard.")), of, hits,
                        .always(
                            "complement", boolean("Whether hits are draws outside the event, since those are rarer.")),
                        .always("least_margin", number("The least safety margin; null where it is infinite.").orNull),
                        .always("greatest_margin", number("The greatest one; null where it is infinite.").orNull),
                        Property(
                            "log_weights",
                            list(
                                of: number(), "Of each hit, log density / density drawn from; absent where all weigh 1."
                            ),
                            isRequired: false),
                        Property(
                            "wide_shares",
                            list(
                                of: number(), "Of each hit, how much of that density is the mixture's wide components'."
                            ),
                            isRequired: false),
                    ]),
                object(
                    "Of directions.",
                    [
                        .always("count", count("Directions of this shard.")), of, hits,
                        .always("evaluations", count("Evaluations that they took.")),
                        .always("values", list(of: number(), "The probability found along each.")),
                    ]),
            ], "What POST /probability/merge needs, exactly.")
    }
}
