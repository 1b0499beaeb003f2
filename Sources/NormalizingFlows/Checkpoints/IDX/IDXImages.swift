/// Images in the IDX format of the MNIST database: a magic number, the sizes, then bytes, row by row;
/// plain or compressed with gzip.
public struct IDXImages: Sendable {
    /// Images, and the rows and columns of each.
    public let count, rows, columns: Int
    /// `count` × `rows` × `columns` bytes, 0 black, 255 white.
    public let pixels: [UInt8]

    /// The most bytes of pixels that are read: twenty times MNIST.
    private static let mostPixels = 1 << 30

    /// Reads the file at `path` whole. Throws where it is not unsigned bytes in three dimensions, or
    /// holds more or fewer of them than its header says.
    public init(contentsOf path: String) throws(CheckpointError) {
        let file = try MappedFile(path)
        var source = try ByteSource(file)
        func failure(_ place: String, _ reason: String) -> CheckpointError {
            CheckpointError(file: path, place: place, reason: reason)
        }

        // Big-endian: 0, 0, the element type (8: unsigned byte), the number of dimensions, the sizes.
        var header: [UInt8] = []
        guard try source.read(16, into: &header) == 16 else {
            throw failure("IDX header", "it ends after \(header.count) of 16 bytes")
        }
        guard header[0] == 0, header[1] == 0, header[2] == 8, header[3] == 3 else {
            let magic = header[..<4].map(String.init).joined(separator: " ")
            throw failure("IDX header", "its magic number is \(magic), where 0 0 8 3 (images of bytes) was expected")
        }
        let sizes = stride(from: 4, to: 16, by: 4).map { start in
            header[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
        }
        guard let total = product(sizes), total > 0, total <= Self.mostPixels else {
            throw failure("IDX header", "sizes \(brief(sizes)): from 1 to \(Self.mostPixels) pixels in all are read")
        }
        (count, rows, columns) = (sizes[0], sizes[1], sizes[2])

        // Grows with what the file really holds, never by what its header says.
        var pixels: [UInt8] = []
        let read = try source.read(total, into: &pixels)
        guard read == total else { throw failure("IDX pixels", "they end after \(read) of \(total) bytes") }
        guard try source.isAtEnd() else { throw failure("IDX pixels", "more than the \(total) bytes that the header says") }
        self.pixels = pixels
    }

    /// The mean image, each pixel byte / 255 as torchvision's `ToTensor` makes it, row by row.
    /// The sums are exact integers; each mean is rounded once to Double and once to Float.
    public var mean: [Float] {
        let size = rows * columns
        var sums = [Int](repeating: 0, count: size)
        for start in stride(from: 0, to: pixels.count, by: size) {
            for pixel in 0..<size { sums[pixel] += Int(pixels[start + pixel]) }
        }
        return sums.map { Float(Double($0) / Double(255 * count)) }
    }
}
