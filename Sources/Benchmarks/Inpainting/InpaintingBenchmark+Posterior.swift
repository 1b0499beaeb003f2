import Client
import Streams

extension InpaintingBenchmark {
    /// Milliseconds of a request for draws of one image's missing pixels, by the default number of chains: the median of
    /// a round for each kind of hole.
    package func posterior() throws(FileError) -> Comparison {
        let client = try HTTPClient(server.address), some = Array(cases.prefix(5))
        var seconds: [Double] = []
        for one in some {
            let request = one.request("method=posterior&seed=1&iterations=\(plan.iterations)")
            seconds.append(try timed { () throws(FileError) in _ = try client.send(request) })
        }
        return Comparison(
            ours: 1e3 * median(seconds),
            note: "16 chains, \(16 * plan.iterations) gradient evaluations")
    }
}
