import Client
import LinearAlgebra
import Synchronization
import Threads

/// How fast the threads of a machine read so many bytes again and again, from whichever cache or
/// memory holds them: a bound for what has to read as many.
enum MemoryBandwidth {
    /// Bytes a second, the best of many rounds.
    ///
    /// - Parameter bytes: of all threads together.
    static func measure(bytes: Int, threads: Int) throws(ThreadError) -> Double {
        let words = bytes / 64 / threads, storage = Storage(chunk: 1 << 22)
        let lanes = (0..<threads).map { _ in
            Lane(start: UnsafePointer(storage.make(SIMD8<UInt64>.self, count: words)), count: words)
        }
        let rounds = max(20, (1 << 30) / max(bytes, 1)), best = Best()
        var readers: [SystemThread] = []
        for lane in lanes {
            readers.append(try SystemThread(name: "bandwidth") {
                for _ in 0..<rounds {
                    let begin = LoadGenerator.now()
                    let sum = lane.sum()
                    let rate = Double(64 * words) / (LoadGenerator.now() - begin)
                    // All zeros: the comparison only makes the sum needed.
                    best.rate.withLock { if sum == .zero { $0 = max($0, rate) } }
                }
            })
        }
        for reader in readers { reader.join() }
        return withExtendedLifetime(storage) { best.rate.withLock { $0 } } * Double(threads)
    }

    private final class Best: Sendable {
        let rate = Mutex(0.0)
    }

    /// `@unchecked Sendable`: the memory is zeroed before the threads start, and they only read it.
    private struct Lane: @unchecked Sendable {
        let start: UnsafePointer<SIMD8<UInt64>>
        let count: Int

        func sum() -> SIMD8<UInt64> {
            var first = SIMD8<UInt64>.zero, second = first
            var k = 0
            while k + 2 <= count {
                first &+= start[k]
                second &+= start[k + 1]
                k += 2
            }
            return first &+ second
        }
    }
}
