/// The sizes of a tensor: a batch of images, each with channels of rows × columns. Each is at least 1.
public struct TensorShape: Sendable, Hashable, CustomStringConvertible {
    public let batch: Int
    public let channels: Int
    public let rows: Int
    public let columns: Int

    public init(batch: Int = 1, channels: Int, rows: Int = 1, columns: Int = 1) {
        precondition(batch >= 1 && channels >= 1 && rows >= 1 && columns >= 1)
        self.batch = batch
        self.channels = channels
        self.rows = rows
        self.columns = columns
    }

    /// Numbers a channel.
    public var positions: Int { rows * columns }
    /// Numbers an image: the dimension that a flow's layer maps onto itself.
    public var imageSize: Int { channels * positions }
    /// Numbers in all.
    public var count: Int { batch * imageSize }

    /// The same batch and positions with another number of channels.
    public func with(channels: Int) -> TensorShape {
        TensorShape(batch: batch, channels: channels, rows: rows, columns: columns)
    }

    public var description: String { "\(batch)×\(channels)×\(rows)×\(columns)" }
}
