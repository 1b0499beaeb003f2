import Client
import Streams

extension InpaintingBenchmark {
    /// Milliseconds of the conditional mean with a random half missing, another mask each time: how much longer a request
    /// of one iteration takes with it than with the mean, median over the images.
    package func conditionalMean() throws(FileError) -> Comparison {
        let client = try HTTPClient(server.address)
        // Random halves are all different, upper halves are not.
        let halves = cases.filter { one in
            let known = one.known.count { $0 }
            return (2 * known - one.known.count).magnitude < one.known.count / 8 && one.known.prefix(28).contains(true)
        }
        var differences: [Double] = []
        for one in halves {
            let seconds = try ["conditional_mean", "mean"].map { initial throws(FileError) in
                let request = one.request("iterations=1", initial: initial)
                return try timed { () throws(FileError) in _ = try client.send(request) }
            }
            differences.append(1e3 * (seconds[0] - seconds[1]))
        }
        guard !differences.isEmpty else { return Comparison(ours: 0) }
        return Comparison(ours: median(differences), note: "\(differences.count) masks")
    }
}
