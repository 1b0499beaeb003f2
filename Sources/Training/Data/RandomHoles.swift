import Statistics

/// Which pixels are missing of an image that a conditional model is shown: random pixels of any share, boxes, a strip
/// along a side, nearly all; so that the model learns to fill holes of every kind.
package struct RandomHoles {
    let rows, columns, channels: Int

    package init(rows: Int, columns: Int, channels: Int) {
        self.rows = rows
        self.columns = columns
        self.channels = channels
    }

    /// missing ← 1 for missing pixels, 0 for known ones, the same in all channels; at least one is missing.
    ///
    /// - Parameters:
    ///   - number: of the image.
    ///   - epoch: nil where it is evaluated: then it always has the same hole.
    package func fill(_ missing: UnsafeMutablePointer<Float>, seed: UInt64, epoch: Int?, number: Int) {
        let purpose = epoch == nil ? RandomPurpose.evaluationHoles : .holes
        // An image has 2³² numbers of its own.
        var generator = PhiloxGenerator(
            Philox(seed: seed, stream: purpose.stream(epoch: epoch ?? 0)), at: UInt64(number) << 32)
        func uniform() -> Double { Double(generator.next() >> 11) * 0x1p-53 }
        /// low … high.
        func integer(_ low: Int, _ high: Int) -> Int {
            low + Int(generator.next() % UInt64(max(high - low, 0) + 1))
        }
        let pixels = rows * columns
        missing.update(repeating: 0, count: pixels)
        switch integer(0, 9) {
        case 0...2:
            let share = 0.05 + 0.93 * uniform()
            for k in 0..<pixels where uniform() < share { missing[k] = 1 }
        case 3...6:
            for _ in 0..<integer(1, 3) {
                let height = integer((rows + 8) / 9, (3 * rows + 3) / 4)
                let width = integer((columns + 8) / 9, (3 * columns + 3) / 4)
                let top = integer(0, rows - height), left = integer(0, columns - width)
                for row in top..<top + height { (missing + row * columns + left).update(repeating: 1, count: width) }
            }
        case 7...8:
            let isAcross = integer(0, 1) == 0, isFirst = integer(0, 1) == 0
            let side = isAcross ? rows : columns
            let depth = integer((side + 4) / 5, (4 * side + 4) / 5)
            for row in 0..<rows {
                for column in 0..<columns {
                    let place = isAcross ? row : column
                    if isFirst ? place < depth : place >= side - depth { missing[row * columns + column] = 1 }
                }
            }
        default:
            missing.update(repeating: 1, count: pixels)
            if integer(0, 1) == 0 { (missing + integer(0, rows - 1) * columns).update(repeating: 0, count: columns) }
        }
        if !(0..<pixels).contains(where: { missing[$0] != 0 }) { missing[integer(0, pixels - 1)] = 1 }
        for channel in stride(from: 1, to: channels, by: 1) {
            (missing + channel * pixels).update(from: missing, count: pixels)
        }
    }
}
