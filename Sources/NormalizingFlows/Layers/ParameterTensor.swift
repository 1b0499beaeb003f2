/// A tensor of a model's parameters, and where training keeps its numbers.
///
/// All tensors lie in one array. In it a tensor is a matrix of `rows` rows with `stride` numbers from one
/// to the next, so that rows begin at multiples of a register; the numbers between two rows are 0 and stay so.
public struct ParameterTensor: Sendable, Hashable {
    /// Its name and shape in a file, as PyTorch has them.
    public let name: String
    public let shape: [Int]
    public let rows, columns, stride: Int
    /// Where its first row begins.
    public let offset: Int
    /// Whether the file has the matrix transposed, (columns, rows).
    public let isTransposed: Bool
    /// How many outputs that belong together follow one another in the file. The array has the first of all groups, then the
    /// second of all, and so on.
    public let interleave: Int
    /// Whether weight decay pulls its numbers towards 0.
    public let decays: Bool

    public init(
        name: String, shape: [Int], rows: Int, columns: Int, stride: Int, offset: Int, isTransposed: Bool, decays: Bool,
        interleave: Int = 1
    ) {
        precondition(interleave >= 1 && columns.isMultiple(of: interleave))
        self.name = name
        self.shape = shape
        self.rows = rows
        self.columns = columns
        self.stride = stride
        self.offset = offset
        self.isTransposed = isTransposed
        self.decays = decays
        self.interleave = interleave
    }

    /// Numbers in the array.
    public var span: Int { rows * stride }
    /// Numbers in the file.
    public var count: Int { rows * columns }

    /// The column of the file's output j.
    private func column(_ j: Int) -> Int { j % interleave * (columns / interleave) + j / interleave }

    /// The row-major numbers of the file, out of the array.
    public func exported(_ parameters: UnsafePointer<Float>) -> [Float] {
        [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            for i in 0..<rows {
                let row = parameters + offset + i * stride
                for j in 0..<columns { buffer[isTransposed ? j * rows + i : i * columns + j] = row[column(j)] }
            }
            initialized = count
        }
    }

    /// The reverse.
    public func load(_ values: [Float], into parameters: UnsafeMutablePointer<Float>) {
        precondition(values.count == count)
        for i in 0..<rows {
            let row = parameters + offset + i * stride
            for j in 0..<columns { row[column(j)] = values[isTransposed ? j * rows + i : i * columns + j] }
        }
    }
}
