import Compute
import HTTP

/// A stream of requests, one JSON object a line, answered one line a line in their order: each
/// as soon as it and all before it are done. Problems are lines like others.
///
/// Many lines are worked on at once, so that they share passes over the weights; no more are read
/// than are worked on, so that a long upload costs no memory.
struct InpaintingLines: Sendable {
    let controller: InpaintingController

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

    private func read(
        _ call: Call, into window: OrderedWindow<(JSON, Timing)>
    ) async throws {
        try await withThrowingDiscardingTaskGroup { group in
            for try await line in LineSequence(call.request.body, longest: 1 << 20) {
                guard let place = await window.reserve() else { return }
                group.addTask { window.put(await answer(line, call), at: place) }
            }
        }
    }

    private func answer(_ line: [UInt8], _ call: Call) async -> (JSON, Timing) {
        await controller.line(for: call.request.id) {
            let request = try InpaintingRequest(
                object: try JSONReader.read(line), shape: controller.shape)
            let context = call.context(streaming: true)
            while true {
                do {
                    return try await controller.run(
                        try await controller.prepare(request, in: context))
                } catch ComputeError.queueFull {
                    // The stream itself is the queue: it waits for a place rather than lose a line.
                    try await Task.sleep(for: .milliseconds(20))
                }
            }
        }
    }
}
