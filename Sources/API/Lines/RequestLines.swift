import Compute
import HTTP

/// A stream of requests, one JSON value a line, answered one line a line in their order: each
/// as soon as it and all before it are done. Problems are lines like others; one that says that a deadline
/// has passed, or that the server ends, is the last.
///
/// Many lines are worked on at once, so that every compute thread has one; no more are read than are worked
/// on, so that a long upload costs no memory.
struct RequestLines: Sendable {
    /// How many are worked on at once.
    let capacity: Int
    /// Answers one line; no place in the queue is refused to it.
    let answer: @Sendable (JSONNode, WorkContext) async throws -> Timed<JSON>

    /// Bytes of the longest line: an image of the default model, fully written out, takes some 40 KB.
    private static let longestLine = 1 << 20

    private struct Answer: Sendable {
        let json: JSON
        var timing = Timing.none
        /// The work was ended before it was done: so would be that of all later lines.
        var isLast = false

        init(_ answer: Timed<JSON>) { (json, timing) = (answer.value, answer.timing) }

        init(_ problem: Problem, line: Int?, of call: Call) {
            var problem = problem
            if let line { problem.extensions.append(("line", .integer(line))) }
            isLast = problem.extensions.contains { $0.0 == "partial" }
            json = problem.json(requestID: call.request.id)
        }
    }

    func response(to call: Call) -> Response {
        .stream(.ndjson) { writer in
            let window = OrderedWindow<Answer>(capacity: capacity)
            return try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    defer { window.close() }
                    try await read(call, into: window)
                }
                group.addTask { await endAtDeadline(of: call, window) }
                defer { window.close() }
                var timing = Timing.none
                while let answer = await window.next() {
                    try await writer.write(JSONWriter.write(answer.json, .line))
                    timing = timing + answer.timing
                    if answer.isLast {
                        // What else has been read, or waits for the client to send more, ends with it.
                        group.cancelAll()
                        return timing
                    }
                }
                // Only the wait for the deadline is left.
                group.cancelAll()
                try await group.waitForAll()
                return timing
            }
        }
    }

    /// Ends the stream when its deadline passes while the client has not sent its last line.
    private func endAtDeadline(of call: Call, _ window: OrderedWindow<Answer>) async {
        guard let deadline = call.context(streaming: true).deadline else { return }
        do { try await Task.sleep(until: deadline, clock: .continuous) } catch { return }
        let work = InterruptedWork(reason: .deadline, partial: nil, timing: .none)
        window.close(after: Answer(Problem(ComputeError.interrupted(work)), line: nil, of: call))
    }

    /// Reads lines and has each answered at its place. What is wrong with the body itself is the last line.
    private func read(_ call: Call, into window: OrderedWindow<Answer>) async throws {
        try await withThrowingDiscardingTaskGroup { group in
            var number = 0
            do {
                for try await line in LineSequence(call.request.body, longest: Self.longestLine) {
                    guard let place = await window.reserve() else { return }
                    number = line.number
                    group.addTask { window.put(await answer(line, call), at: place) }
                }
            } catch  where error is Problem || error is ProtocolError {
                guard let place = await window.reserve() else { return }
                window.put(Answer(Problem(error), line: number + 1, of: call), at: place)
            }
        }
    }

    private func answer(_ line: LineSequence.Line, _ call: Call) async -> Answer {
        do {
            var context = call.context(streaming: true)
            // The window bounds how many lines wait; so none needs to be refused.
            context.waitsForPlace = true
            let (json, memory) = try await json(line, call, context)
            // Held only while the line is worked on: a stream of lines may be endless.
            defer { call.request.memory.release(memory) }
            return Answer(try await answer(json, context))
        } catch {
            return Answer(Problem(error), line: line.number, of: call)
        }
    }

    private func json(
        _ line: LineSequence.Line, _ call: Call, _ context: WorkContext
    ) async throws -> (value: JSONNode, memory: Int) {
        do {
            return try await call.json(line.bytes, deadline: context.deadline)
        } catch let error as JSONError {
            throw Problem(error, of: "The line")
        }
    }
}
