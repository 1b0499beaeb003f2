import Compute
import HTTP

/// A stream of requests, one JSON object a line, answered one line a line in their order: each
/// as soon as it and all before it are done. Problems are lines like others.
///
/// Many lines are worked on at once, so that every compute thread has one; no more are read than are worked
/// on, so that a long upload costs no memory.
struct InpaintingLines: Sendable {
    let controller: InpaintingController
    /// Options for every line that does not say otherwise.
    let query: Fields

    /// Bytes of the longest line: an image of the default model, fully written out, takes some 40 KB.
    private static let longestLine = 1 << 20

    func response(to call: Call) -> Response {
        .stream(.ndjson) { writer in
            let window = OrderedWindow<(JSON, Timing)>(
                capacity: controller.compute.configuration.batch)
            return try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    defer { window.close() }
                    try await read(call, into: window)
                }
                defer { window.close() }
                var queue = Duration.zero, compute = Duration.zero
                while let (json, timing) = await window.next() {
                    try await writer.write(JSONWriter.write(json, .line))
                    queue += timing.queue
                    compute += timing.compute
                }
                try await group.waitForAll()
                return Timing(queue: queue, compute: compute)
            }
        }
    }

    /// Reads lines and has each answered at its place. What is wrong with the body itself is the last line.
    private func read(
        _ call: Call, into window: OrderedWindow<(JSON, Timing)>
    ) async throws {
        try await withThrowingDiscardingTaskGroup { group in
            var number = 0
            do {
                for try await line in LineSequence(call.request.body, longest: Self.longestLine) {
                    guard let place = await window.reserve() else { return }
                    number = line.number
                    group.addTask { window.put(await answer(line, call), at: place) }
                }
            } catch let problem as Problem {
                guard let place = await window.reserve() else { return }
                window.put((Self.json(problem, line: number + 1, call), .none), at: place)
            }
        }
    }

    private static func json(_ problem: Problem, line: Int, _ call: Call) -> JSON {
        var problem = problem
        problem.extensions.append(("line", .integer(line)))
        return problem.json(requestID: call.request.id)
    }

    private func answer(_ line: LineSequence.Line, _ call: Call) async -> (JSON, Timing) {
        do {
            let outcome = try await outcome(of: line.bytes, call)
            return (outcome.json(shape: controller.shape), outcome.run.timing)
        } catch {
            return (Self.json(Problem(error), line: line.number, call), .none)
        }
    }

    private func outcome(of line: [UInt8], _ call: Call) async throws -> InpaintingOutcome {
        var context = call.context(streaming: true)
        // The window bounds how many lines wait; so none needs to be refused.
        context.waitsForPlace = true
        let json: JSONNode
        do {
            json = try await call.json(line, deadline: context.deadline)
        } catch let error as JSONError {
            throw Problem(error, of: "The line")
        }
        let request = try InpaintingRequest(object: json, query: query, shape: controller.shape)
        return try await controller.run(try await controller.prepare(request, in: context))
    }
}
