extension PatchAscent {
    /// The picture as it is, its pixels averaged over squares so that neither side exceeds `side`. As `filled`.
    public func preview(atMost side: Int) -> Picture {
        let factor = max((max(picture.rows, picture.columns) + side - 1) / side, 1)
        let filled = filled
        let rows = (picture.rows + factor - 1) / factor, columns = (picture.columns + factor - 1) / factor
        var values: [Float] = []
        values.reserveCapacity(picture.channels * rows * columns)
        for channel in 0..<picture.channels {
            let start = channel * picture.rows * picture.columns
            for row in 0..<rows {
                for column in 0..<columns {
                    var sum: Float = 0, count: Float = 0
                    for i in row * factor..<min((row + 1) * factor, picture.rows) {
                        for j in column * factor..<min((column + 1) * factor, picture.columns) {
                            sum += filled[start + i * picture.columns + j]
                            count += 1
                        }
                    }
                    values.append(sum / count)
                }
            }
        }
        return Picture(
            rows: rows, columns: columns, channels: picture.channels, values: values,
            missing: Array(repeating: false, count: rows * columns))
    }
}
