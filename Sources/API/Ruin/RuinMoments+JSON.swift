import RareEvents

/// Moments as `count` gamblers and, for each event that reached the goal, its `games`,
/// `position` and `hits`, in columns; or, where weights follow from no event, sums as decimal
/// strings. With the games played, enough for any figure.
extension RuinMoments {
    var json: JSON {
        let count: (name: String, value: JSON) = ("count", .integer(Int(gamblers)))
        switch hits {
        case .counts(let counts):
            return .object([
                count,
                ("games", .numbers(counts.map { Double($0.event.games) })),
                ("position", .numbers(counts.map { Double($0.event.position) })),
                ("hits", .numbers(counts.map { Double($0.count) })),
            ])
        case .relativeSums(let hits, let sum, let squares):
            return .object([
                count, ("hits", .integer(Int(hits))),
                ("sum", .string(String(sum))), ("squares", .string(String(squares))),
            ])
        }
    }

    /// Reads what `json` wrote, and refuses what no run of `plan`'s kind can have left.
    init(_ json: JSONNode, at pointer: String, games: UInt64, of request: RuinRequest) throws {
        var fields = try Fields(json, at: pointer)
        let reader = MomentsReader(pointer: pointer, request: request)
        let count = UInt64(try reader.required(fields.integer("count", in: 0...Int(request.mostGamblers)), "count"))
        let hits = try request.method == .zeroVariance
            ? reader.sums(&fields, count: count) : reader.counts(&fields, count: count)
        try fields.finish()
        self.init(gamblers: count, games: games, hits: hits)
        let (most, overflow) = count.multipliedReportingOverflow(by: request.ruin.maximumGames)
        guard overflow || games <= most else {
            throw Problem.invalid("There are more games than \(count) gamblers play.", .pointer(pointer))
        }
    }
}

private struct MomentsReader {
    let pointer: String
    let request: RuinRequest

    func required<Value>(_ value: Value?, _ name: String) throws -> Value {
        guard let value else {
            throw Problem.invalid("“\(name)” is missing.", .pointer("\(pointer)/\(name)"))
        }
        return value
    }

    func counts(_ fields: inout Fields, count: UInt64) throws -> RuinMoments.Hits {
        let ruin = request.ruin
        let games = try column("games", &fields, in: 1...Int(ruin.maximumGames))
        let positions = try column(
            "position", &fields, in: Int(ruin.goal)...Self.last(ruin))
        let hits = try column("hits", &fields, in: 1...Int(max(count, 1)))
        guard games.count == positions.count, games.count == hits.count else {
            throw Problem.invalid("“games”, “position” and “hits” must have the same length.", .pointer(pointer))
        }
        var counts: [RuinMoments.HitCount] = [], total: UInt64 = 0
        for row in games.indices {
            let event = HittingEvent(games: UInt64(games[row]), position: Int64(positions[row]))
            if let last = counts.last, event <= last.event {
                throw Problem.invalid("Events must be in ascending order, each once.", .pointer("\(pointer)/games/\(row)"))
            }
            total += UInt64(hits[row])
            guard total <= count else {
                throw Problem.invalid("There are more hits than gamblers.", .pointer("\(pointer)/hits/\(row)"))
            }
            counts.append(.init(event: event, count: UInt64(hits[row])))
        }
        return .counts(counts)
    }

    /// The highest position that a gambler can end at.
    private static func last(_ ruin: GamblersRuin) -> Int {
        let (end, overflow) = ruin.goal.addingReportingOverflow(max(ruin.largestWin, 1) - 1)
        return overflow ? .max : Int(end)
    }

    private func column(
        _ name: String, _ fields: inout Fields, in range: ClosedRange<Int>
    ) throws -> [Int] {
        let json = try required(try fields.json(name), name)
        guard let values = json.elements else {
            throw Problem.invalid("“\(name)” must be a list, not \(json.kind).", .pointer("\(pointer)/\(name)"))
        }
        return try values.enumerated().map { row, value in
            guard let number = value.double, let whole = Int(exactly: number), range.contains(whole) else {
                throw Problem.invalid(
                    "“\(name)” must hold whole numbers between \(range.lowerBound) and \(range.upperBound).",
                    .pointer("\(pointer)/\(name)/\(row)"))
            }
            return whole
        }
    }

    func sums(_ fields: inout Fields, count: UInt64) throws -> RuinMoments.Hits {
        let hits = try required(fields.integer("hits", in: 0...Int(count)), "hits")
        let sum = try wholeNumber("sum", &fields), squares = try wholeNumber("squares", &fields)
        // Each term is within 2^20, by the definition of the sums, and Cauchy's inequality holds.
        let bound = Int128(hits) << 20
        guard sum.magnitude <= bound.magnitude, squares >= 0, squares <= bound << 20,
            sum * sum <= Int128(hits) * squares
        else {
            throw Problem.invalid("No run of gamblers can have these sums.", .pointer("\(pointer)/squares"))
        }
        return .relativeSums(hits: UInt64(hits), sum: sum, squares: squares)
    }

    private func wholeNumber(_ name: String, _ fields: inout Fields) throws -> Int128 {
        let text = try required(try fields.string(name), name)
        guard let value = Int128(text) else {
            throw Problem.invalid("“\(name)” must be a whole number, written as a string.", .pointer("\(pointer)/\(name)"))
        }
        return value
    }
}
