/// Portable Network Graphics (third edition, W3C 2025) to and from grey pictures, by libpng.
public enum PNG {
    /// Columns and rows of a picture, in pixels.
    public struct Size: Hashable, Sendable, CustomStringConvertible {
        public let width: Int
        public let height: Int

        public init(width: Int, height: Int) {
            precondition(width > 0 && height > 0, "a picture has pixels")
            self.width = width
            self.height = height
        }

        public var pixels: Int { width * height }
        public var description: String { "\(width)×\(height)" }

        func fits(in limit: Size) -> Bool {
            width <= limit.width && height <= limit.height
        }

        /// Whether a picture of this size is ever read or written.
        var isSupported: Bool { max(width, height) <= maximumSide && pixels <= maximumPixels }
    }

    public static let mediaType = "image/png"

    /// The largest picture that is read or written, in pixels: 8192×8192. It bounds the memory
    /// that one request can ask for (four bytes a pixel, eight with 16 bits a channel).
    public static let maximumPixels = 1 << 26

    /// The most columns or rows that libpng takes unless told otherwise.
    static let maximumSide = 1_000_000

    static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
}
