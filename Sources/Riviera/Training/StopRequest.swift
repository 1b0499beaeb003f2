import Glibc
import Synchronization

/// Whether SIGINT or SIGTERM has asked a command to stop where it can be taken up again. A second
/// signal ends the program at once.
enum StopRequest {
    /// The signal's number; 0: none has come.
    static var signal: Int32 { Int32(truncatingIfNeeded: received.load(ordering: .relaxed)) }

    /// From now on the two signals are remembered instead of ending the program.
    static func listen() {
        for number in [SIGINT, SIGTERM] {
            Glibc.signal(number) { number in
                received.store(Int(number), ordering: .relaxed)
                Glibc.signal(number, SIG_DFL)
            }
        }
    }
}

/// Global, since a signal's handler can have nothing else.
private let received = Atomic(0)
