/// L of a positive definite (n, n) matrix; a pivot that rounding takes below 0 becomes small.
func choleskyFactor(_ matrix: [Double], _ n: Int) -> [Double] {
    var factor = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
        for j in 0...i {
            var sum = matrix[i * n + j]
            for k in 0..<j { sum -= factor[i * n + k] * factor[j * n + k] }
            if j < i {
                factor[i * n + j] = sum / factor[j * n + j]
            } else {
                factor[i * n + i] = max(sum, 1e-10 * max(matrix[i * n + i], 1e-10)).squareRoot()
            }
        }
    }
    return factor
}
