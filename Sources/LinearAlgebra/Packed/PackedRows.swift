/// A matrix packed for products with sparse vectors: its rows one after the other, each padded with
/// zeros to whole groups of 32 columns, in half or in single precision.
///
/// A view of memory that a `Storage` owns.
public struct PackedRows: BitwiseCopyable {
    /// The columns that a kernel takes together: a cache line of halves.
    public static let group = 32

    public let rows: Int
    /// Columns, padding included, in groups of 32.
    public let groups: Int
    let precision: Precision
    /// From one row to the next.
    let stride: Int
    private let base: UnsafeMutableRawPointer

    init(rows: Int, columns: Int, precision: Precision, in storage: Storage) {
        self.rows = rows
        groups = Self.groups(columns)
        self.precision = precision
        // An odd number of groups: rows at powers of two would share a few sets of the caches.
        stride = (groups | 1) * Self.group
        base = switch precision {
        case .float16: UnsafeMutableRawPointer(storage.make(UInt16.self, count: rows * stride))
        case .float32: UnsafeMutableRawPointer(storage.make(Float.self, count: rows * stride))
        }
    }

    /// Of a row, in one group of columns.
    public var bytesPerGroup: Int { Self.group * (precision == .float16 ? 2 : 4) }

    /// How many groups so many columns fill.
    public static func groups(_ columns: Int) -> Int { (columns + group - 1) / group }
    /// The next multiple of the group.
    public static func padded(_ columns: Int) -> Int { groups(columns) * group }

    var halves: UnsafeMutablePointer<UInt16> { base.assumingMemoryBound(to: UInt16.self) }
    var floats: UnsafeMutablePointer<Float> { base.assumingMemoryBound(to: Float.self) }
}
