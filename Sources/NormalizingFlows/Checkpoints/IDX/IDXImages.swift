/// A file of images in the IDX format of the MNIST database: a magic number, the sizes, then bytes,
/// row by row; plain or compressed with gzip.
///
/// Opening reads the header alone; the pixels are read piece by piece when they are asked for.
public struct IDXImages: ~Copyable {
    /// Images, and the rows and columns of each. Their product is at most 2³⁰.
    public let count, rows, columns: Int
    private let path: String
    private var source: ByteSource

    /// The most bytes of pixels that are read: twenty times MNIST.
    private static let mostPixels = 1 << 30
    private static let piece = 1 << 18

    /// Opens the file at `path`.
    ///
    /// - Throws: `CheckpointError` where it is not unsigned bytes in three dimensions, each at least 1.
    public init(contentsOf path: String) throws(CheckpointError) {
        var source = try ByteSource(try MappedFile(path))
        func failure(_ reason: String) -> CheckpointError {
            CheckpointError(file: path, place: "IDX header", reason: reason)
        }

        // Big-endian: 0, 0, the element type (8: unsigned byte), the number of dimensions, the sizes.
        var header: [UInt8] = []
        guard try source.read(16, into: &header) == 16 else {
            throw failure("it ends after \(header.count) of 16 bytes")
        }
        guard header[0] == 0, header[1] == 0, header[2] == 8, header[3] == 3 else {
            let magic = header[..<4].map(String.init).joined(separator: " ")
            throw failure("its magic number is \(magic), where 0 0 8 3 (images of bytes) was expected")
        }
        let sizes = stride(from: 4, to: 16, by: 4).map { start in
            header[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
        }
        guard let total = product(sizes), total > 0, total <= Self.mostPixels else {
            throw failure("sizes \(brief(sizes)): from 1 to \(Self.mostPixels) pixels in all are read")
        }
        (count, rows, columns) = (sizes[0], sizes[1], sizes[2])
        self.path = path
        self.source = source
    }

    /// The mean image, each pixel byte / 255 as torchvision's `ToTensor` makes it, row by row.
    /// The sums are exact integers; each mean is rounded once to Double and once to Float.
    ///
    /// - Throws: `CheckpointError` where the file holds more or fewer pixels than its header says, or
    ///   cannot be decompressed.
    public consuming func mean() throws(CheckpointError) -> [Float] {
        let size = rows * columns, images = count
        // It grows as the first image's bytes come: a header alone takes no memory.
        var sums: [Int] = []
        var pixel = 0
        try read(images) { piece in
            for byte in piece {
                if pixel == sums.count { sums.append(0) }
                sums[pixel] += Int(byte)
                pixel = pixel + 1 == size ? 0 : pixel + 1
            }
        }
        return sums.map { Float(Double($0) / Double(255 * images)) }
    }

    /// The bytes of the first images, row by row.
    ///
    /// - Parameter limit: how many; all where it is nil, or where there are fewer.
    /// - Throws: `CheckpointError` where the file holds fewer pixels than its header says, or more where all are
    ///   read, or cannot be decompressed.
    public consuming func bytes(ofFirst limit: Int? = nil) throws(CheckpointError) -> [UInt8] {
        var bytes: [UInt8] = []
        try read(min(limit ?? count, count)) { bytes += $0 }
        return bytes
    }

    /// Hands out the bytes of the first images, piece by piece. Where that is all of them, the file must end there.
    private consuming func read(_ images: Int, _ body: ([UInt8]) -> Void) throws(CheckpointError) {
        let total = images * rows * columns, path = path
        func failure(_ reason: String) -> CheckpointError {
            CheckpointError(file: path, place: "IDX pixels", reason: reason)
        }
        var read = 0
        while read < total {
            var piece: [UInt8] = []
            let wanted = min(Self.piece, total - read), found = try source.read(wanted, into: &piece)
            body(piece)
            read += found
            guard found == wanted else { throw failure("they end after \(read) of \(total) bytes") }
        }
        guard images == count else { return }
        guard try source.isAtEnd() else { throw failure("more than the \(total) bytes that the header says") }
    }
}
