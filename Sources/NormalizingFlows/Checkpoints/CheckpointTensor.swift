/// A tensor in a file: its name, its shape, and a checked view of the numbers where they lie.
///
/// Nothing is read until it is asked for, and nothing is allocated on the file's word: `init` has
/// checked that the file holds every element that the shape promises.
public struct CheckpointTensor: Sendable {
    /// How elements are stored.
    public enum ElementType: String, Sendable, Hashable, CaseIterable {
        case float32, float16, bfloat16

        /// Bytes an element.
        public var size: Int { self == .float32 ? 4 : 2 }
    }

    /// At most `longestName` bytes of UTF-8.
    public private(set) var name: String
    public let elementType: ElementType
    /// The size of each dimension, outermost first; empty for a scalar.
    public let shape: [Int]
    /// How many elements lie from one index to the next, in each dimension.
    public let strides: [Int]
    /// Elements in all: the product of `shape`.
    public let count: Int
    /// The longest name that is read, of a tensor or of anything else in a file that is looked up by
    /// name. Swift compares names by canonical equivalence, which takes long for a long run of
    /// combining marks.
    static let longestName = 1024

    /// From the first element of the tensor to the end of its last.
    let bytes: MappedBytes

    /// A view of `storage`, beginning at element `offset` of it.
    ///
    /// Refused: negative sizes and strides, products that overflow, elements outside `storage`, and
    /// more elements than `storage` holds (an expanded tensor: a few bytes that claim to be gigabytes).
    init(
        name: String, elementType: ElementType, shape: [Int], strides: [Int], offset: Int,
        storage: MappedBytes
    ) throws(CheckpointError) {
        func failure(_ reason: String) -> CheckpointError {
            CheckpointError(file: storage.file.path, place: "tensor \(quoted(name))", reason: reason)
        }
        guard shape.count == strides.count else {
            throw failure("\(shape.count) dimensions, but \(strides.count) strides")
        }
        guard offset >= 0, shape.allSatisfy({ $0 >= 0 }), strides.allSatisfy({ $0 >= 0 }) else {
            throw failure("a negative size, stride or offset")
        }
        let available = storage.count / elementType.size
        guard let count = product(shape), count <= available else {
            throw failure("the shape \(brief(shape)) holds more than the \(available) elements of its storage")
        }
        let span = count == 0 ? 0 : reach(shape, strides)
        guard let span, let first = storage.slice(at: 0, count: available * elementType.size)?
            .elements(from: offset, count: span, size: elementType.size)
        else {
            throw failure(
                "shape \(brief(shape)), strides \(brief(strides)), offset \(offset) reach outside the "
                    + "\(available) elements of its storage")
        }
        self.name = name
        self.elementType = elementType
        self.shape = shape
        self.strides = strides
        self.count = count
        bytes = first
    }

    /// Whether the elements lie in row-major order with nothing between them.
    public var isContiguous: Bool {
        count == 0 || zip(zip(shape, strides), rowMajorStrides(shape)).allSatisfy { $0.0 == 1 || $0.1 == $1 }
    }

    /// The same tensor under another name.
    func renamed(_ name: String) -> CheckpointTensor {
        var tensor = self
        tensor.name = name
        return tensor
    }

    /// An error about the element at `index` in row-major order: `element [3, 17] is nan, …`.
    func failure(at index: Int, _ reason: String) -> CheckpointError {
        var rest = index, place: [Int] = []
        for size in shape.reversed() {
            place.insert(rest % max(size, 1), at: 0)
            rest /= max(size, 1)
        }
        return failure("element \(brief(place)) \(reason)")
    }

    /// An error about this tensor.
    func failure(_ reason: String) -> CheckpointError {
        CheckpointError(file: bytes.file.path, place: "tensor \(quoted(name))", reason: reason)
    }
}

/// The product of sizes that are not negative, or `nil` where it overflows.
func product(_ sizes: [Int]) -> Int? {
    if sizes.contains(0) { return 0 }
    var result = 1
    for size in sizes {
        let (value, overflow) = result.multipliedReportingOverflow(by: size)
        if overflow { return nil }
        result = value
    }
    return result
}

/// The strides of a tensor without gaps, in elements. The product of `shape` must not overflow.
func rowMajorStrides(_ shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    guard !shape.contains(0) else { return strides }  // no element: any strides do, and products may overflow
    for index in shape.indices.dropFirst().reversed() {
        strides[index - 1] = strides[index] * shape[index]
    }
    return strides
}

/// A shape for an error line, cut off after eight sizes.
func brief(_ sizes: [Int]) -> String {
    "[" + sizes.prefix(8).map(String.init).joined(separator: ", ") + (sizes.count > 8 ? ", …]" : "]")
}

/// Elements from the first to the last, both counted; no size is zero. `nil` where it overflows.
private func reach(_ shape: [Int], _ strides: [Int]) -> Int? {
    var last = 0
    for (size, stride) in zip(shape, strides) {
        let (distance, tooFar) = (size - 1).multipliedReportingOverflow(by: stride)
        let (sum, tooMuch) = last.addingReportingOverflow(distance)
        if tooFar || tooMuch { return nil }
        last = sum
    }
    return last == .max ? nil : last + 1
}

extension MappedBytes {
    /// `count` elements of `size` bytes from element `first`; `nil` if they are not all here.
    fileprivate func elements(from first: Int, count length: Int, size: Int) -> MappedBytes? {
        guard first <= count / size, length <= count / size else { return nil }
        return slice(at: first * size, count: length * size)
    }
}
