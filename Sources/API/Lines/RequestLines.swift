import Compute
import HTTP

/// A stream of requests, one JSON value a line, answered one line a line in their order: each
/// as soon as it and all before it are done. Problems are lines like others.
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

    func response(to call: Call) -> Response {
        .stream(.ndjson) { writer in
            let window = OrderedWindow<Timed<JSON>>(capacity: capacity)
            return try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    defer { window.close() }
                    try await read(call, into: window)
                }
                defer { window.close() }
                var timing = Timing.none
                while let line = await window.next() {
                    try await writer.write(JSONWriter.write(line.value, .line))
                    timing = timing + line.timing
                }
                try await group.waitForAll()
                return timing
            }
        }
    }

    /// Reads lines and has each answered at its place. What is wrong with the body itself is the last line.
    private func read(_ call: Call, into window: OrderedWindow<Timed<JSON>>) async throws {
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
                window.put(Self.line(of: Problem(error), number + 1, call), at: place)
            }
        }
    }

    private static func line(of problem: Problem, _ number: Int, _ call: Call) -> Timed<JSON> {
        var problem = problem
        problem.extensions.append(("line", .integer(number)))
        return Timed(value: problem.json(requestID: call.request.id), timing: .none)
    }

    private func answer(_ line: LineSequence.Line, _ call: Call) async -> Timed<JSON> {
        do {
            var context = call.context(streaming: true)
            // The window bounds how many lines wait; so none needs to be refused.
            context.waitsForPlace = true
            let (json, memory) = try await json(line, call, context)
            // Held only while the line is worked on: a stream of lines may be endless.
            defer { call.request.memory.release(memory) }
            return try await answer(json, context)
        } catch {
            return Self.line(of: Problem(error), line.number, call)
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
