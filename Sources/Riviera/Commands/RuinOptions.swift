import API
import ArgumentParser

/// The parameters of the endpoint `/ruin` by their names there.
package struct RuinOptions: ParsableArguments {
    package init() {}

    @Option(help: "Simulated gamblers, 1 to 1e12. Default 3000.")
    var n: String?
    @Option(help: "Most games that each gambler plays. Default 600.")
    var k: String?
    @Option(help: "Probability of winning a game; may be a fraction. Default 18/37.")
    var p: String?
    @Option(help: "Win probability to sample from, or auto. Default auto.")
    var q: String?
    @Option(help: "What a gambler starts with. Default 100.")
    var start: String?
    @Option(help: "What a gambler stops at. Default 200.")
    var goal: String?
    @Option(help: "importance, naive or zero_variance. Default importance.")
    var method: String?
    @Option(
        help: ArgumentHelp("Other stakes, which replace p and q: 35:1/37,-1:36/37.", valueName: "amount:probability,…"))
    var outcomes: String?
    @Option(name: .customLong("relative-error"), help: "Continue until the relative error is below this; replaces n.")
    var relativeError: String?
    @Option(help: "Confidence of the interval. Default 0.95.")
    var confidence: String?
    @Option(help: "Makes the run repeatable. By default one is chosen and reported.")
    var seed: String?
    @Option(
        help: ArgumentHelp("Only this slice, from 0, of the gamblers: 3/16. Requires a seed.", valueName: "index/count")
    )
    var shard: String?

    /// The request's URL.
    package var target: String {
        let given = [
            ("n", n), ("k", k), ("p", p), ("q", q), ("start", start), ("goal", goal),
            ("method", method), ("outcomes", outcomes), ("relative_error", relativeError),
            ("confidence", confidence), ("seed", seed), ("shard", shard),
        ]
        let query = given.compactMap { name, value in value.map { "\(name)=\(QueryText.escaped($0))" } }
        return query.isEmpty ? "/ruin" : "/ruin?" + query.joined(separator: "&")
    }
}
