import RareEvents
import Statistics

extension Field where Value == Shard? {
    /// A part of a run: `3/16`.
    static func shard(_ sentence: String, default standard: JSON?) -> Field {
        let schema = Schema.text(sentence, TextForm(pattern: "^[0-9]+/[0-9]+$", format: "shard"))
        return Field(.field("shard", schema, default: standard, .string("3/16"))) { fields in
            guard let text = try fields.string("shard") else { return nil }
            let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { UInt64($0) }
            guard parts.count == 2, let index = parts[0], let count = parts[1] else {
                throw Problem.malformed(
                    "“shard” must be an index from 0 and the number of shards, such as 3/16, not \(text.quoted).",
                    fields.culprit("shard"))
            }
            do throws(InvalidParameter) {
                return try Shard(index: index, count: count)
            } catch {
                throw Problem(error, fields.culprit("shard"))
            }
        }
    }
}
