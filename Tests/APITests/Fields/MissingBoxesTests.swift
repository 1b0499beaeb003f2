import API
import APIFixtures
import Testing

/// Boxes of missing pixels, as the number of pixels that an answer calls missing.
@Suite struct MissingBoxesTests {
    private func missing(_ boxes: String, query: String = "") async throws -> Double? {
        let reply = try await APIClient().send(
            .post, "/inpaint\(query)",
            "{\"image\": \(imageJSON()), \"iterations\": 1\(boxes.isEmpty ? "" : ", \"missing\": \(boxes)")}")
        #expect(reply.status == 200, "\(reply.text)")
        return try reply.json()["missing_pixels"]?.double
    }

    @Test(arguments: [
        (#"{"rows": [0, 1]}"#, 4.0), (#"{"columns": [0, 2]}"#, 8), (#"{"rows": [1, 3], "columns": [2, 4]}"#, 4),
        (#"[{"rows": [0, 1]}, {"columns": [0, 1]}]"#, 7), (#"[{"rows": [0, 1]}, {"rows": [0, 1]}]"#, 4),
        (#"{"rows": [0, 4]}"#, 16),
    ])
    func boxesAreHalfOpenAndAddUp(boxes: String, count: Double) async throws {
        #expect(try await missing(boxes) == count)
    }

    @Test func boxesOfTheQueryAddToThoseOfTheObject() async throws {
        #expect(try await missing("", query: "?rows=0:1") == 4)
        #expect(try await missing(#"{"rows": [0, 1]}"#, query: "?columns=0:1") == 7)
    }

    @Test(arguments: [
        (#"{"rows": [1, 9]}"#, "/missing/rows"), (#"{"rows": [-1, 2]}"#, "/missing/rows"),
        (#"{"rows": [2, 2]}"#, "/missing/rows"), (#"{"rows": [3, 1]}"#, "/missing/rows"),
        (#"{"rows": [0, 1, 2]}"#, "/missing/rows"), (#"{"rows": [0, 1.5]}"#, "/missing/rows"),
        (#"{"rows": [0, 1e300]}"#, "/missing/rows"), (#"{"rows": "0:1"}"#, "/missing/rows"),
        (#"{"rows": [0, null]}"#, "/missing/rows"), ("{}", "/missing"), ("3", "/missing"),
        (#"[{"rows": [0, 1]}, {"columns": [0, 5]}]"#, "/missing/1/columns"), ("[[0, 1]]", "/missing/0"),
        ("[" + Array(repeating: #"{"rows": [0, 1]}"#, count: 17).joined(separator: ",") + "]", "/missing"),
    ])
    func otherBoxesAreRefusedByTheirPointer(boxes: String, pointer: String) async throws {
        let reply = try await APIClient().send(
            .post, "/inpaint", "{\"image\": \(imageJSON()), \"missing\": \(boxes)}")
        #expect(reply.status == 422, "\(reply.text)")
        guard case .string(pointer)? = try reply.json()["pointer"] else {
            Issue.record("\(boxes): \(reply.text)")
            return
        }
    }
}
