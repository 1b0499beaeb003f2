import RareEvents

/// What the bodies of a run's shards have in common, whatever the run: a list of them, the fields that must be alike in all, those
/// that follow from others and are compared with what these give, and those that must be there.
struct ShardBodies {
    let common, derived, needed: [String]

    /// The fields of each body, without those that are null; of the derived ones, none is unknown any more.
    ///
    /// - Throws: `Problem` that blames the first body and field that is wrong.
    func read(_ json: JSONNode) throws -> [Fields] {
        guard let bodies = json.elements else {
            throw Problem.invalid("An array of the shards' bodies is expected, not \(json.kind).", .pointer(""))
        }
        guard let count = json.count, count > 0 else {
            throw Problem.invalid("There are no shards to merge.", .pointer(""))
        }
        var first: [String: String] = [:]
        return try bodies.enumerated().map { index, body in
            var fields = try Fields(body, at: "/\(index)", ignoringNulls: true)
            let texts = texts(body)
            if index == 0 { first = texts }
            if let name = common.first(where: { texts[$0] != first[$0] }) {
                throw Problem.invalid(
                    "“\(name)” is \(Self.shown(texts[name])) here, but \(Self.shown(first[name])) in the first shard.",
                    fields.culprit(name))
            }
            for name in derived { _ = fields.take(name) }
            if fields.peek("relative_error_target") != nil {
                throw Problem.invalid(
                    "A run with “relative_error” cannot be split into shards.", fields.culprit("relative_error_target"))
            }
            for name in needed where fields.peek(name) == nil {
                throw Problem.invalid("“\(name)” is missing.\(Self.hint(fields))", fields.culprit(name))
            }
            return fields
        }
    }

    /// Where a body is of the other kind of run.
    private static func hint(_ fields: Fields) -> String {
        if fields.peek("g") != nil { return " This is a shard of /probability, which /probability/merge takes." }
        return fields.peek("k") != nil ? " This is a shard of /ruin, which /ruin/merge takes." : ""
    }

    /// Moments of all shards in the run's order.
    ///
    /// - Throws: `Problem` that blames the shard which is missing, repeated, or does not fit.
    static func merge<Moments: ShardMoments>(
        _ shards: [(shard: Shard, moments: Moments)], of n: UInt64
    ) throws -> Moments {
        do throws(ShardError) {
            return try Shard.merge(shards, of: n)
        } catch {
            throw Problem(error)
        }
    }

    /// Compares the derived figures of a shard's body, as far as it has them, with those of the answer that its parameters and moments
    /// lead to.
    ///
    /// - Throws: `Problem` that blames the first figure which differs.
    func require(_ body: JSONNode, toBe answer: JSON, in index: Int) throws {
        guard let members = body.members, case .object(let expected) = answer else { return }
        var given: [String: String] = [:]
        for (name, value) in members where derived.contains(where: name.isIdentical) {
            given[name] = Self.text(JSON(value))
        }
        for name in derived {
            guard let text = given[name], let value = expected.first(where: { $0.name.isIdentical(to: name) })?.value,
                // As the value reads once it has been written.
                let written = try? JSONReader.node(JSONWriter.write(value, .line)), text != Self.text(JSON(written))
            else { continue }
            throw Problem.invalid(
                "“\(name)” is \(Self.brief(text)), but the shard’s parameters and moments give "
                    + "\(Self.brief(Self.text(value))): one of them was changed.", .pointer("/\(index)/\(name)"))
        }
    }

    private static func text(_ value: JSON) -> String {
        String(decoding: JSONWriter.write(value, .line).dropLast(), as: UTF8.self)
    }

    private static func brief(_ text: String) -> String { text.count > 200 ? text.prefix(200) + "…" : text }

    /// The common fields' values as text, without those that are null.
    private func texts(_ json: JSONNode) -> [String: String] {
        var texts: [String: String] = [:]
        guard let members = json.members else { return texts }
        for (name, value) in members where !value.isNull {
            guard let known = common.first(where: { $0.isIdentical(to: name) }) else { continue }
            texts[known] = String(decoding: JSONWriter.write(JSON(value), .line).dropLast(), as: UTF8.self)
        }
        return texts
    }

    private static func shown(_ text: String?) -> String { (text ?? "null").quoted }
}

extension Fields {
    /// The field “moments”, which is required.
    mutating func moments() throws -> JSONNode {
        guard let moments = try json("moments") else {
            throw Problem.invalid("“moments” is missing.", culprit("moments"))
        }
        return moments
    }
}

extension Problem {
    fileprivate init(_ error: ShardError) {
        let path = error.place.map { place in
            switch error.part {
            case .shard: "/\(place)/shard"
            case .moments: "/\(place)/moments"
            case .count: "/\(place)/moments/count"
            }
        }
        self = .invalid(error.reason, .pointer(path ?? ""))
    }
}
