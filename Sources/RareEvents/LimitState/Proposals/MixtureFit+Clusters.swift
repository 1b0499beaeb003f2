import Statistics

extension MixtureFit {
    /// Starts from `count` clusters around points that are far from each other (k-means++, Arthur, Vassilvitskii 2007, and
    /// a few of Lloyd's steps).
    mutating func begin(
        clusters count: Int, using generator: inout PhiloxGenerator, _ stop: StopCheck
    ) throws(CancellationError) {
        let n = points.count, d = dimension
        var centers: [[Double]] = []
        var nearest = [Double](repeating: .infinity, count: n), owner = [Int](repeating: 0, count: n)
        for k in 0..<count {
            var chances = weights
            if k > 0 { for i in 0..<n { chances[i] *= nearest[i] } }
            let total = chances.reduce(0, +)
            guard total > 0 else { break }
            var left = Double.random(in: 0..<1, using: &generator) * total, chosen = n - 1
            for i in 0..<n {
                left -= chances[i]
                if left < 0 {
                    chosen = i
                    break
                }
            }
            centers.append(Array(points[chosen]))
            for i in 0..<n {
                if i.isMultiple(of: 512) { try stop.look() }
                let distance = distance(i, centers[k])
                if distance < nearest[i] {
                    nearest[i] = distance
                    owner[i] = k
                }
            }
        }
        for _ in 0..<8 {
            var sums = [[Double]](repeating: [Double](repeating: 0, count: d), count: centers.count)
            var masses = [Double](repeating: 0, count: centers.count)
            for i in 0..<n {
                if i.isMultiple(of: 512) { try stop.look() }
                masses[owner[i]] += weights[i]
                for j in 0..<d { sums[owner[i]][j] += weights[i] * points.coordinates[i * d + j] }
            }
            for k in centers.indices where masses[k] > 0 { centers[k] = sums[k].map { $0 / masses[k] } }
            for i in 0..<n {
                if i.isMultiple(of: 512) { try stop.look() }
                var best = Double.infinity
                for k in centers.indices {
                    let distance = distance(i, centers[k])
                    if distance < best {
                        best = distance
                        owner[i] = k
                    }
                }
            }
        }
        var responsibilities = [[Double]](repeating: [Double](repeating: 0, count: n), count: centers.count)
        for i in 0..<n { responsibilities[owner[i]][i] = 1 }
        try maximize(responsibilities, heaviness: nil, stop)
    }

    func distance(_ i: Int, _ center: [Double]) -> Double {
        let d = dimension
        var sum = 0.0
        for j in 0..<d {
            let difference = points.coordinates[i * d + j] - center[j]
            sum += difference * difference
        }
        return sum
    }
}
