import Threads

/// Runs `body` once for each index, each on a thread of its own, all at the same time; returns when
/// all have ended. Pools do not promise that: on few cores they run some after others.
public func runTogether(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let threads = (0..<count).map { index in
        do {
            return try SystemThread(name: "together-\(index)") { body(index) }
        } catch {
            fatalError("\(error)")
        }
    }
    for thread in threads { thread.join() }
}
