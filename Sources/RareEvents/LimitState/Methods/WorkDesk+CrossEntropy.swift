import Statistics

extension WorkDesk {
    /// The method cross_entropy (Rubinstein, Kroese 2004; Kurtz, Song, "Cross-entropy-based adaptive importance sampling using
    /// Gaussian mixture", Structural Safety 2013): a mixture is drawn from, its tenth of least margins fits the next mixture, until
    /// that tenth is in the event.
    func crossEntropy() async throws -> LimitStateReport {
        let d = problem.inputs.count, size: UInt64 = d > MixtureFit.mostFullDimensions ? 2000 : 1000
        let start = MixtureComponent.normal(around: [Double](repeating: 0, count: d), spread: 1)
        var mixture = ProposalMixture(components: [start], weights: [1], wide: 1)
        var last = Double.infinity
        for _ in 0..<40 {
            guard remaining > 3 * size else { break }
            let (points, logWeights) = try await compute {
                [mixture, philox = newPhilox()] stop throws(CancellationError) in
                try MixtureDraws(mixture, philox: philox).draws(Int(size), stop)
            }
            let margins = try await margins(at: points)
            if last == .infinity, !isComplement, margins.count(where: { $0 <= 0 }) > margins.count / 2 {
                isComplement = true
                continue
            }
            let sorted = margins.sorted(), threshold = max(sorted[sorted.count / 10], 0)
            let chosen = margins.indices.filter { margins[$0] <= threshold }
            let most = chosen.map { logWeights[$0] }.max() ?? 0
            let weights = chosen.map { ElementaryFunction.exp(logWeights[$0] - most) }
            let sum = weights.reduce(0, +), effective = sum * sum / weights.squaredNorm
            let fit = try await fitted(points.selected(chosen), weights: weights, effectiveSize: max(effective, 4))
            if !fit.components.isEmpty {
                let reach = fit.components.map { $0.mean.squaredNorm.squareRoot() }.max() ?? 4
                mixture = .combined(fit.components, fit.shares, wide: wideComponents(reach: reach), wideShare: 0.1)
            }
            tell(.exploring)
            if threshold == 0 { break }
            guard threshold < last else { break }
            last = threshold
        }
        return report(try await weightedDraws(from: adapted(mixture)), by: .crossEntropy)
    }

    /// Standard normal numbers 0 ..< count of a stream.
    func normals(_ count: Int, from philox: Philox) throws(CancellationError) -> [Double] {
        var normals: [Double] = []
        normals.reserveCapacity(count)
        for start in Swift.stride(from: 0, to: count, by: 65536) {
            try stop.look()
            normals += NormalDistribution.standard.draws(
                min(65536, count - start), from: philox, at: UInt64(start))
        }
        return normals
    }

    func newPhilox() -> Philox { Philox(seed: specification.seed, stream: takeStreams()) }
}

extension MixtureDraws {
    /// The first draws with log φ/q.
    func draws(_ count: Int, _ stop: StopCheck) throws(CancellationError) -> (Points, [Double]) {
        let d = mixture.dimension, width = 256
        var points = Points(dimension: d), logWeights: [Double] = []
        points.coordinates.reserveCapacity(d * count)
        logWeights.reserveCapacity(count)
        var columns = [Double](repeating: 0, count: d * width), logs = [Double](repeating: 0, count: width),
            shares = logs
        for start in Swift.stride(from: 0, to: count, by: width) {
            try stop.look()
            let count = min(width, count - start)
            columns.withUnsafeMutableBufferPointer { columns in
                logs.withUnsafeMutableBufferPointer { logs in
                    shares.withUnsafeMutableBufferPointer { shares in
                        guard let u = columns.baseAddress, let logs = logs.baseAddress, let shares = shares.baseAddress
                        else { return }
                        fill(u, stride: width, logWeights: logs, wideShares: shares, first: UInt64(start), count: count)
                    }
                }
            }
            for i in 0..<count { for j in 0..<d { points.coordinates.append(columns[j * width + i]) } }
            logWeights += logs[..<count]
        }
        return (points, logWeights)
    }
}
