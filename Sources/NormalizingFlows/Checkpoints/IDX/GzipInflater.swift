import Zlib

/// A gzip stream, decompressed piece by piece.
struct GzipInflater: ~Copyable {
    private let bytes: MappedBytes
    private var position = 0
    private var isFinished = false
    private var inflater: Inflater

    init(_ bytes: MappedBytes) throws(CheckpointError) {
        self.bytes = bytes
        do {
            inflater = try Inflater(.gzip)
        } catch {
            throw CheckpointError(file: bytes.file.path, reason: "cannot be decompressed: \(error)")
        }
    }

    mutating func read(_ count: Int, into target: inout [UInt8]) throws(CheckpointError) -> Int {
        var done = 0
        while done < count, !isFinished {
            let wanted = min(count - done, 1 << 16)
            // What is left, in portions that zlib's 32-bit count can name.
            let input = bytes.slice(at: position, count: min(bytes.count - position, 1 << 20))!
            var step: Inflater.Step?
            let piece = [UInt8](unsafeUninitializedCapacity: wanted) { output, initialized in
                let made = input.withUnsafeBytes { source in
                    inflater.inflate(
                        source,
                        into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(output)[..<wanted]))
                }
                initialized = made.produced
                step = made
            }
            guard let step else { break }
            target.append(contentsOf: piece)
            position += step.consumed
            done += step.produced
            switch step.state {
            case .ended:
                isFinished = true
                guard position == bytes.count else { throw failure("something follows the compressed data") }
            case .open where step.produced + step.consumed > 0: break
            case .open: throw failure("the compressed data is cut off")
            case .damaged: throw failure("the compressed data is damaged")
            }
        }
        return done
    }

    private func failure(_ reason: String) -> CheckpointError {
        CheckpointError(file: bytes.file.path, place: "gzip, byte \(position)", reason: reason)
    }
}
