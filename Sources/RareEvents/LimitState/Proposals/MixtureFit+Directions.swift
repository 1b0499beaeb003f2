extension MixtureFit {
    /// The given directions, and eigenvectors orthogonal to them whose eigenvalue sampling noise does not explain (Marchenko,
    /// Pastur 1967: noise of n points stays within (1 ± √(d/n))² of the mean).
    func standingOut(
        _ covariance: [Double], _ trace: Double, _ given: [[Double]], _ size: Double, _ stop: StopCheck
    ) throws(CancellationError) -> [[Double]] {
        let d = dimension, level = trace / Double(d), ratio = (Double(d) / size).squareRoot()
        let high = level * (1 + ratio) * (1 + ratio) * 1.25,
            low = ratio < 1 ? level * (1 - ratio) * (1 - ratio) / 1.25 : 0
        var directions = given
        var bound = 0.0
        for i in 0..<d {
            var row = 0.0
            for j in 0..<d { row += covariance[i * d + j].magnitude }
            bound = max(bound, row)
        }
        for isLow in [false, true] {
            while directions.count < Self.mostDirections {
                // Power iteration of C, or of bound − C, in what the directions leave.
                var v = (0..<d).map { 1 + 0.1 * Double($0 * 7919 % 101) / 101 }
                var value = 0.0
                for _ in 0..<60 {
                    try stop.look()
                    for direction in directions {
                        var dot = 0.0
                        for j in 0..<d { dot += direction[j] * v[j] }
                        for j in 0..<d { v[j] -= dot * direction[j] }
                    }
                    let norm = v.squaredNorm.squareRoot()
                    guard norm > 1e-12 else { break }
                    for j in 0..<d { v[j] /= norm }
                    var next = [Double](repeating: 0, count: d)
                    for i in 0..<d {
                        var sum = 0.0
                        for j in 0..<d { sum += covariance[i * d + j] * v[j] }
                        next[i] = sum
                    }
                    value = 0
                    for j in 0..<d { value += v[j] * next[j] }
                    if isLow { for j in 0..<d { next[j] = bound * v[j] - next[j] } }
                    v = next
                }
                guard isLow ? value < low : value > high else { break }
                for direction in directions {
                    var dot = 0.0
                    for j in 0..<d { dot += direction[j] * v[j] }
                    for j in 0..<d { v[j] -= dot * direction[j] }
                }
                let norm = v.squaredNorm.squareRoot()
                guard norm > 1e-12 else { break }
                directions.append(v.map { $0 / norm })
            }
        }
        return directions
    }
}
