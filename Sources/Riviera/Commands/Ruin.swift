import API
import ArgumentParser
import Glibc
import Streams

/// `riviera ruin`
struct Ruin: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Simulates the gambler's ruin and prints the chance to reach the goal.",
        discussion: """
            What GET /ruin answers goes to standard output as JSON; where standard error is a terminal, a bar \
            shows how far it is. Shards of one run on several machines add up to its very bytes (riviera merge).

            Example: riviera ruin --n 3000 --k 600 --seed 1
            """)

    @OptionGroup(title: "What to simulate, as GET /ruin calls it") var options: RuinOptions
    @OptionGroup(title: "Settings") var flags: SettingFlags<OfflineScope>

    func run() async throws {
        let api = try OfflineAPI(Settings(flags))
        guard ProgressLine.isWanted else {
            try writeOutput(await api.answer(.get, options.target))
            return
        }
        let line = ProgressLine()
        defer { line.clear() }
        let answer = try await api.lastLine(.get, options.target) { line.show(Self.text($0)) }
        line.clear()
        try writeOutput(JSONWriter.write(answer, .page))
    }

    /// `[=====>    ]  52 %  2.394e-06 ± 4.3e-08`
    package static func text(_ progress: JSON) -> String {
        let gamblers = progress["gamblers"]?.double ?? 0
        var text = "\(Int(gamblers)) gamblers"
        if let all = progress["of"]?.double, all > 0 {
            let width = 30, done = min(Int(gamblers / all * Double(width)), width)
            text = "[" + String(repeating: "=", count: done) + String(repeating: " ", count: width - done)
                + "] \(Int(gamblers / all * 100)) % of \(Int(all)) gamblers"
        }
        guard let estimate = progress["estimate"]?.double else { return text }
        text += ": \(short(estimate))"
        if let error = progress["standard_error"]?.double { text += " ± \(short(error))" }
        return text
    }

    /// Four digits: more would not stand still.
    private static func short(_ value: Double) -> String {
        guard value != 0 else { return "0" }
        let exponent = Int(log10(abs(value)).rounded(.down))
        guard exponent < -3 || exponent > 5 else { return "\((value * 1e6).rounded() / 1e6)" }
        return "\((value / pow(10, Double(exponent)) * 1000).rounded() / 1000)e\(exponent)"
    }
}
