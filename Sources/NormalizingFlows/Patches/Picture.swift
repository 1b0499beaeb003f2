/// A picture some of whose pixels are missing, in all of its channels.
public struct Picture: Sendable {
    public let rows, columns, channels: Int
    /// (channels, rows, columns), in 0…1; what missing pixels hold does not matter.
    public var values: [Float]
    /// (rows · columns) true where a pixel is missing.
    public let missing: [Bool]

    public init(rows: Int, columns: Int, channels: Int, values: [Float], missing: [Bool]) {
        precondition(rows > 0 && columns > 0 && channels > 0)
        precondition(values.count == channels * rows * columns && missing.count == rows * columns)
        self.rows = rows
        self.columns = columns
        self.channels = channels
        self.values = values
        self.missing = missing
    }

    public var missingPixels: Int { missing.count { $0 } }

    /// The picture with what lies beyond its last row and column mirrored, until it has at least so many of each.
    func mirrored(toAtLeast side: Int) -> Picture {
        guard rows < side || columns < side else { return self }
        let newRows = max(rows, side), newColumns = max(columns, side)
        func source(_ index: Int, _ count: Int) -> Int {
            let place = index % (2 * count)
            return place < count ? place : 2 * count - 1 - place
        }
        let places = (0..<newRows * newColumns).map { place in
            source(place / newColumns, rows) * columns + source(place % newColumns, columns)
        }
        return Picture(
            rows: newRows, columns: newColumns, channels: channels,
            values: (0..<channels).flatMap { channel in places.map { values[channel * rows * columns + $0] } },
            missing: places.map { missing[$0] })
    }
}
