import Synchronization

/// Hands results on in the order of their places, however they arrive, and keeps no more than
/// `capacity` places open at once. One task reserves places, one reads; any may `put`.
package final class OrderedWindow<Element: Sendable>: Sendable {
    private struct State {
        var results: [Int: Element] = [:]
        var reserved = 0
        var read = 0
        /// No further place is reserved, or nobody reads any more.
        var isClosed = false
        var writer: CheckedContinuation<Int?, Never>?
        var reader: CheckedContinuation<Element?, Never>?
    }

    private let state = Mutex(State())
    private let capacity: Int

    package init(capacity: Int) { self.capacity = capacity }

    /// The next place, once there is room; nil when the window has been closed.
    package func reserve() async -> Int? {
        await withCheckedContinuation { continuation in
            let place = state.withLock { state -> Int?? in
                if state.isClosed { return .some(nil) }
                guard state.reserved - state.read < capacity else {
                    state.writer = continuation
                    return nil
                }
                state.reserved += 1
                return state.reserved - 1
            }
            if let place { continuation.resume(returning: place) }
        }
    }

    package func put(_ element: Element, at place: Int) {
        let reader = state.withLock { state -> CheckedContinuation<Element?, Never>? in
            guard place == state.read, let reader = state.reader else {
                state.results[place] = element
                return nil
            }
            state.reader = nil
            return reader
        }
        guard let reader else { return }
        advance()
        reader.resume(returning: element)
    }

    /// The next result in order; nil when all have been read and the window is closed.
    package func next() async -> Element? {
        let element = await withCheckedContinuation { continuation in
            let ready = state.withLock { state -> Element?? in
                if let element = state.results.removeValue(forKey: state.read) {
                    return .some(element)
                }
                if state.isClosed && state.read == state.reserved { return .some(nil) }
                state.reader = continuation
                return nil
            }
            guard let ready else { return }
            if ready != nil { advance() }
            continuation.resume(returning: ready)
        }
        return element
    }

    /// No place is reserved from now on; whoever waits for one gets nil.
    package func close() {
        let (writer, reader) = state.withLock { state in
            state.isClosed = true
            defer { state.writer = nil }
            guard state.read == state.reserved else {
                return (state.writer, nil as CheckedContinuation<Element?, Never>?)
            }
            defer { state.reader = nil }
            return (state.writer, state.reader)
        }
        writer?.resume(returning: nil)
        reader?.resume(returning: nil)
    }

    /// The same after a last element, unless the window is closed already.
    package func close(after element: Element) {
        let (writer, reader) = state.withLock { state in
            var waiting: (CheckedContinuation<Int?, Never>?, CheckedContinuation<Element?, Never>?) = (nil, nil)
            guard !state.isClosed else { return waiting }
            state.isClosed = true
            swap(&waiting.0, &state.writer)
            if state.read == state.reserved, state.reader != nil {
                swap(&waiting.1, &state.reader)
                state.read += 1
            } else {
                state.results[state.reserved] = element
            }
            state.reserved += 1
            return waiting
        }
        writer?.resume(returning: nil)
        reader?.resume(returning: element)
    }

    /// Counts a result as read, which may let a waiting writer go on.
    private func advance() {
        let (writer, place) = state.withLock { state -> (CheckedContinuation<Int?, Never>?, Int) in
            state.read += 1
            guard let writer = state.writer else { return (nil, 0) }
            state.writer = nil
            state.reserved += 1
            return (writer, state.reserved - 1)
        }
        writer?.resume(returning: place)
    }
}
