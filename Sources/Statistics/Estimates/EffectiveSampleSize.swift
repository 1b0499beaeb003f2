/// Kish's effective sample size, (Σw)² / Σw²: how many equal weights would average as
/// stably as these do (Kish, "Survey sampling", 1965). Between 1 and the number of
/// weights; `nil` where no weight is above 0.
///
/// - Parameter weights: non-negative weights, each with the number of its occurrences;
///   only their ratios matter, so scale them to a largest of about 1 first.
public func effectiveSampleSize(_ weights: [(value: Double, count: UInt64)]) -> Double? {
    var sum = 0.0, squares = 0.0
    for (weight, times) in weights {
        sum += weight * Double(times)
        squares += weight * weight * Double(times)
    }
    return squares > 0 ? sum * sum / squares : nil
}
