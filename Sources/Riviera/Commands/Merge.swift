import API
import ArgumentParser
import Glibc
import Streams

/// `riviera merge`
struct Merge: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Puts the shards of one simulation together, to the very bytes of the whole run.",
        discussion: """
            Each FILE holds what riviera ruin --shard or GET /ruin?shard= answered: one body, several one after \
            another, or an array of them, in any order. Without FILE they come on standard input.

            Example: riviera merge shard-*.json
            """)

    @Argument(help: ArgumentHelp("Bodies of shards; - is standard input.", valueName: "file"), completion: .file())
    var files: [String] = []

    @OptionGroup(title: "Settings") var flags: SettingFlags<OfflineScope>

    func run() async throws {
        var bodies: [JSON] = []
        for path in files.isEmpty ? ["-"] : files { bodies += try JSONFile(path: path).values() }
        let api = try OfflineAPI(Settings(flags))
        try writeOutput(await api.answer(.post, "/ruin/merge", .array(bodies)))
    }
}
