import API
import Client
import Glibc
import NormalizingFlows
import Streams
import Threads

/// Measures a server of this program, over HTTP, beside a peer that does the same in PyTorch,
/// alternately: other work on the machine then slows both.
package final class InpaintingBenchmark {
    /// What is compared.
    package struct Plan {
        package var weights: String
        var iterations = 300
        var clients = 32
        var images = 10
        var rounds = 3
        var threads = 2

        package init(
            weights: String, iterations: Int = 300, clients: Int = 32, images: Int = 10, rounds: Int = 3,
            threads: Int = 2
        ) {
            self.weights = weights
            self.iterations = iterations
            self.clients = clients
            self.images = images
            self.rounds = rounds
            self.threads = threads
        }
    }

    package let plan: Plan
    package let server: ServerProcess
    private let peer: Peer?
    let cases: [InpaintingCase]

    /// Starts the server and, where there is a Python for it, the peer.
    ///
    /// - Throws: `FileError` where the server does not start.
    package init(_ plan: Plan, server: ServerProcess, peer: Peer?) throws(FileError) {
        self.plan = plan
        self.server = server
        self.peer = peer
        let drawn = try HTTPClient(server.address).send(
            HTTPClient.request(
                "GET", "/sample?n=\(max(plan.clients, plan.images))&seed=1"))
        cases = try InpaintingCase.all(of: drawn)
    }

    /// Ours and the peer's, in the row's unit; the median of the rounds.
    package struct Comparison {
        package var ours: Double
        package var peers: Double?
        package var note = ""

        package init(ours: Double, peers: Double? = nil, note: String = "") {
            self.ours = ours
            self.peers = peers
            self.note = note
        }
    }

    /// Milliseconds of one request of `iterations` with a constant step, one image: the median of
    /// a few in each round.
    package func oneImage() throws(FileError) -> Comparison {
        try compared { round throws(FileError) in
            let one = cases[round % cases.count], client = try HTTPClient(server.address)
            let request = one.request("iterations=\(plan.iterations)&step_size=\(InpaintingCase.step)")
            var seconds: [Double] = []
            for _ in 0..<5 {
                seconds.append(try timed { () throws(FileError) in _ = try client.send(request) })
            }
            return median(seconds)
        } peer: { peer, round throws(FileError) in
            try peer.ask(InpaintingCase.ask("ascent", [cases[round % cases.count]], plan.iterations)).seconds
        }
    }

    /// How long reading the weights alone takes: milliseconds for one likelihood and for an
    /// iteration of the first image, the mean of its ascent, at the bandwidth that all threads have
    /// together.
    package func bounds() throws -> (likelihood: Bound, iteration: Bound) {
        let model = try NICE(Checkpoint(contentsOf: plan.weights), precision: .float16)
        let workspace = try model.makeWorkspace(), one = cases[0]
        model.evaluate(one.image.map { Float($0) }, in: workspace)
        let once = model.weightBytes(in: workspace, gradient: false)
        var run = one.ascent(from: model.trainingMean, iterations: plan.iterations), read = 0
        while run.demand == .gradient {
            model.differentiate(run.position, in: workspace)
            read += model.weightBytes(in: workspace, gradient: true)
            try run.absorb(logLikelihood: workspace.logProbability, gradient: workspace.gradient)
        }
        func bound(_ bytes: Int) throws -> Bound {
            Bound(
                bytes: bytes,
                bandwidth: try MemoryBandwidth.measure(bytes: bytes, threads: plan.threads))
        }
        return (try bound(once), try bound(read / plan.iterations))
    }

    package struct Bound {
        /// Of weights.
        let bytes: Int
        /// Bytes a second.
        let bandwidth: Double
        var milliseconds: Double { 1e3 * Double(bytes) / bandwidth }

        /// How a measured time compares.
        package func note(_ measured: Double, times: Int = 1) -> String {
            let bound = Double(times) * milliseconds
            return "\((Double(bytes) / 1e6).threeDigits) MB of weights\(times > 1 ? " an iteration" : ""): "
                + "\(bound.threeDigits) ms at \((bandwidth / 1e9).threeDigits) GB/s, "
                + "\((measured / bound).threeDigits) times that"
        }
    }

    /// Images a second, as many clients at once as the peer has images in its batch.
    package func manyClients() throws(FileError) -> Comparison {
        let some = Array(cases.prefix(plan.clients)), count = Double(some.count)
        return try compared(scale: { count / $0 }) { _ throws(FileError) in
            let requests = some.map {
                $0.request("iterations=\(plan.iterations)&step_size=\(InpaintingCase.step)")
            }
            return try timed { () throws(FileError) in try send(requests) }
        } peer: { peer, _ throws(FileError) in
            try peer.ask(InpaintingCase.ask("ascent", some, plan.iterations)).seconds
        }
    }

    /// Milliseconds to the log-likelihood that as many iterations of Adam reach in the peer: each
    /// image's request with the fewest iterations, of a few, whose answer is there, the median of five.
    package func timeToLikelihood() throws(FileError) -> Comparison? {
        guard let peer else { return nil }
        let some = Array(cases.prefix(plan.images)), client = try HTTPClient(server.address)
        let target = try peer.ask(InpaintingCase.ask("adam", some, plan.iterations)).likelihoods
        var ours: [Double] = [], needed: [Int] = [], missed = 0
        for (one, target) in zip(some, target) {
            var enough: Int?
            for iterations in Self.horizons where enough == nil {
                let answer = try client.send(one.request("iterations=\(iterations)"))
                if try InpaintingCase.final(in: answer) >= target { enough = iterations }
            }
            guard let enough else {
                missed += 1
                continue
            }
            needed.append(enough)
            let request = one.request("iterations=\(enough)")
            ours.append(
                try median(
                    (0..<5).map { _ throws(FileError) in
                        try timed { () throws(FileError) in _ = try client.send(request) }
                    }))
        }
        let peers = try (0..<plan.rounds).map { round throws(FileError) in
            try peer.ask(InpaintingCase.ask("adam", [some[round % some.count]], plan.iterations)).seconds
        }
        guard !ours.isEmpty else { return nil }
        return Comparison(
            ours: 1e3 * median(ours), peers: 1e3 * median(peers),
            note: "\(needed.sorted()[needed.count / 2]) iterations in the median, "
                + "\(missed) of \(some.count) images not within \(Self.horizons.last ?? 0)")
    }

    private static let horizons = [60, 80, 100, 125, 150, 175, 200, 250, 300]

    /// Milliseconds of a likelihood of one image, another one each time: of an image that is asked for
    /// twice in a row, ours would remember much.
    package func likelihood() throws(FileError) -> Comparison {
        let client = try HTTPClient(server.address), requests = cases.map(\.likelihoodRequest)
        return try compared { _ throws(FileError) in
            var seconds: [Double] = []
            for round in 0..<200 {
                seconds.append(
                    try timed { () throws(FileError) in
                        _ = try client.send(requests[round % requests.count])
                    })
            }
            return median(seconds)
        } peer: { peer, round throws(FileError) in
            try peer.ask(InpaintingCase.logProbability(cases[round % cases.count], repeats: 50)).seconds
        }
    }

    /// Requests a second of /health/live at 64 connections, ours and another server's.
    ///
    /// - Parameter other: where the other one listens.
    package func health(
        against other: ServerAddress.Kind?, seconds: Double, connections: Int = 64
    ) throws(FileError) -> Comparison {
        let request = HTTPClient.request("GET", "/health/live")
        var ours: [Double] = [], others: [Double] = []
        for _ in 0..<plan.rounds {
            ours.append(
                try LoadGenerator(
                    address: server.address, request: request, connections: connections
                ).run(seconds: seconds).perSecond)
            guard let other else { continue }
            others.append(
                try LoadGenerator(
                    address: other, request: request, connections: connections
                ).run(seconds: seconds).perSecond)
        }
        return Comparison(ours: median(ours), peers: others.isEmpty ? nil : median(others))
    }

    /// The 99 % quantile of /health/live, in milliseconds, while all clients inpaint.
    package func healthUnderLoad() throws(FileError) -> Comparison {
        let requests = cases.prefix(plan.clients).map { $0.request("iterations=\(plan.iterations)") }
        let load = try BackgroundLoad(server.address, requests)
        let result = try LoadGenerator(
            address: server.address, request: HTTPClient.request("GET", "/health/live"), connections: 1
        ).run(seconds: 2, pause: 0.001)
        try load.finish()
        return Comparison(
            ours: 1e3 * result.quantile(0.99), note: "\(result.latencies.count) requests")
    }

    /// All requests at once, one connection each.
    private func send(_ requests: [[UInt8]]) throws(FileError) {
        try BackgroundLoad(server.address, requests).finish()
    }

    private func compared(
        scale: (Double) -> Double = { 1e3 * $0 },
        _ ours: (Int) throws(FileError) -> Double,
        peer theirs: (Peer, Int) throws(FileError) -> Double
    ) throws(FileError) -> Comparison {
        var own: [Double] = [], others: [Double] = []
        for round in 0..<plan.rounds {
            own.append(scale(try ours(round)))
            if let peer { others.append(scale(try theirs(peer, round))) }
        }
        return Comparison(ours: median(own), peers: others.isEmpty ? nil : median(others))
    }

    func timed(_ body: () throws(FileError) -> Void) throws(FileError) -> Double {
        let begin = LoadGenerator.now()
        try body()
        return LoadGenerator.now() - begin
    }
}
