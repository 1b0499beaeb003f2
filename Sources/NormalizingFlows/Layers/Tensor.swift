/// A batch of images in double precision, contiguous: number (image, channel, row, column) lies
/// at ((image · channels + channel) · rows + row) · columns + column.
public struct Tensor: Sendable, Hashable {
    public let shape: TensorShape
    public var elements: [Double]

    /// - Parameter elements: `shape.count` numbers.
    public init(_ shape: TensorShape, elements: [Double]) {
        precondition(elements.count == shape.count)
        self.shape = shape
        self.elements = elements
    }

    /// The tensor of zeros.
    public init(_ shape: TensorShape) {
        self.init(shape, elements: Array(repeating: 0, count: shape.count))
    }

    /// A tensor whose `shape.count` numbers `initialize` writes, every one of them.
    init(_ shape: TensorShape, initialize: (UnsafeMutablePointer<Double>) -> Void) {
        self.shape = shape
        elements = Array(unsafeUninitializedCapacity: shape.count) { buffer, count in
            initialize(buffer.baseAddress!)
            count = shape.count
        }
    }

    public subscript(image: Int, channel: Int, row: Int, column: Int) -> Double {
        get { elements[offset(image, channel, row, column)] }
        set { elements[offset(image, channel, row, column)] = newValue }
    }

    private func offset(_ image: Int, _ channel: Int, _ row: Int, _ column: Int) -> Int {
        precondition(
            (0..<shape.batch).contains(image) && (0..<shape.channels).contains(channel)
                && (0..<shape.rows).contains(row) && (0..<shape.columns).contains(column))
        return ((image * shape.channels + channel) * shape.rows + row) * shape.columns + column
    }

    /// The same numbers under another shape of the same count.
    func reshaped(_ shape: TensorShape) -> Tensor { Tensor(shape, elements: elements) }
}
