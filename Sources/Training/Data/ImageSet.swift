/// Grey images of one size, a byte a pixel.
public struct ImageSet: Sendable {
    /// Images, and the rows and columns of each.
    public let count, rows, columns: Int
    /// Image by image, row by row.
    public let bytes: [UInt8]

    /// Pixels an image.
    public var dimension: Int { rows * columns }

    public init(rows: Int, columns: Int, bytes: [UInt8]) {
        precondition(rows > 0 && columns > 0 && bytes.count.isMultiple(of: rows * columns))
        self.rows = rows
        self.columns = columns
        self.bytes = bytes
        count = bytes.count / (rows * columns)
    }

    /// Of each pixel the mean over some images, of bytes.
    public func means(over images: [Int]) -> [Double] {
        var sums = [Int](repeating: 0, count: dimension)
        for image in images {
            for k in 0..<dimension { sums[k] += Int(bytes[image * dimension + k]) }
        }
        return sums.map { Double($0) / Double(max(images.count, 1)) }
    }

    /// Of each pixel the standard deviation over some images of (byte + u) / 256 with u uniform on 0…1, which is
    /// at least 1/(256·√12): that of a pixel that is always the same.
    public func deviations(over images: [Int]) -> [Double] {
        var sums = [Int](repeating: 0, count: dimension), squares = sums
        for image in images {
            for k in 0..<dimension {
                let byte = Int(bytes[image * dimension + k])
                sums[k] += byte
                squares[k] += byte * byte
            }
        }
        let n = Double(max(images.count, 1))
        return (0..<dimension).map { k in
            let mean = Double(sums[k]) / n
            let variance = max(Double(squares[k]) / n - mean * mean, 0)
            return ((variance + 1 / 12.0) / 65536).squareRoot()
        }
    }
}
