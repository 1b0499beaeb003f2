import Zlib

/// Inflates a PNG's pixels ahead of the decoder, and no further than they go: some kilobytes of a file may
/// hold gigabytes, all of which the decoder would inflate in order to leave them out.
struct PNGInflation: ~Copyable {
    private var inflater: Inflater
    private let expected: Int
    private var count = 0
    private var isAtEnd = false

    /// - Parameter expected: bytes of all rows.
    init(expecting expected: Int) throws(PNGError) {
        self.expected = expected
        do {
            inflater = try Inflater(.zlib)
        } catch {
            throw .malformed(reason: "zlib has no memory for it")
        }
    }

    /// Inflates the data of a chunk. What is damaged is left for the decoder to name.
    ///
    /// - Throws: `PNGError.malformed` where there is more than the rows take.
    mutating func take(_ data: ArraySlice<UInt8>) throws(PNGError) {
        if isAtEnd { return }
        var output = [UInt8](repeating: 0, count: min(expected + 1, 32 << 10))
        var rest = data
        while !rest.isEmpty {
            let room = min(output.count, expected + 1 - count)
            let step = rest.withUnsafeBytes { input in
                output.withUnsafeMutableBytes { output in
                    inflater.inflate(input, into: UnsafeMutableRawBufferPointer(rebasing: output[..<room]))
                }
            }
            rest = rest.dropFirst(step.consumed)
            count += step.produced
            guard count <= expected else { throw .malformed(reason: "its data goes on after the last pixel") }
            if step.state != .open {
                isAtEnd = true
                return
            }
        }
    }
}
