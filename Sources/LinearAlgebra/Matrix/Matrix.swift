/// A small dense matrix in double precision, row-major without padding.
public struct Matrix: Sendable, Hashable {
    public let rows: Int
    public let columns: Int
    /// Row by row: entry (i, k) is `elements[i * columns + k]`.
    public var elements: [Double]

    /// - Parameter elements: rows · columns numbers, row by row.
    public init(rows: Int, columns: Int, elements: [Double]) {
        precondition(rows >= 0 && columns >= 0 && elements.count == rows * columns)
        self.rows = rows
        self.columns = columns
        self.elements = elements
    }

    /// The matrix of zeros.
    public init(rows: Int, columns: Int) {
        self.init(
            rows: rows, columns: columns,
            elements: Array(repeating: 0, count: rows * columns))
    }

    /// The square matrix with these numbers on its diagonal and 0 elsewhere.
    public init(diagonal: [Double]) {
        self.init(rows: diagonal.count, columns: diagonal.count)
        for (i, value) in diagonal.enumerated() { self[i, i] = value }
    }

    public static func identity(_ size: Int) -> Matrix {
        Matrix(diagonal: Array(repeating: 1, count: size))
    }

    /// Entry (i, k).
    public subscript(i: Int, k: Int) -> Double {
        get { elements[i * columns + k] }
        set { elements[i * columns + k] = newValue }
    }

    /// Row i.
    public subscript(row i: Int) -> ArraySlice<Double> {
        elements[i * columns..<(i + 1) * columns]
    }

    public var isSquare: Bool { rows == columns }

    public var transposed: Matrix {
        var result = Matrix(rows: columns, columns: rows)
        for i in 0..<rows {
            for k in 0..<columns { result[k, i] = self[i, k] }
        }
        return result
    }

    /// The rows in another order: row i of the result is row `order[i]`.
    public func rows(inOrder order: [Int]) -> Matrix {
        precondition(order.allSatisfy { (0..<rows).contains($0) })
        return Matrix(
            rows: order.count, columns: columns, elements: order.flatMap { self[row: $0] })
    }

    public static func * (left: Matrix, right: Matrix) -> Matrix {
        precondition(left.columns == right.rows)
        var product = Matrix(rows: left.rows, columns: right.columns)
        left.apply(to: right.elements, into: &product.elements, positions: right.columns)
        return product
    }
}
