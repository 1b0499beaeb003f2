import Compute
import HTTP
import HTTPTypes
import Projections

/// `POST /project`: the nearest point of a convex set.
struct ProjectionController: Sendable {
    let compute: Compute

    var endpoint: Endpoint { Endpoint(.project, action: respond) }

    @Sendable private func respond(to call: Call) async throws -> Response {
        var fields = try Fields(try await call.jsonExchange())
        let point = try fields.read(ProjectionFields.point)
        guard (1...ProjectionFields.mostCoordinates).contains(point.count) else {
            throw Problem.invalid(
                "“point” must have 1 to \(ProjectionFields.mostCoordinates) coordinates, not \(point.count).",
                fields.culprit("point"))
        }
        guard let json = try fields.json("constraints") else {
            throw Problem.invalid("“constraints” is missing.", fields.culprit("constraints"))
        }
        let constraints = try Constraints(of: fields).read(json, dimension: point.count)
        try fields.finish()
        let result = try await compute.project(
            point, onto: constraints, in: call.context())
        guard result.value.allSatisfy(\.isFinite) else {
            throw Problem.invalid(
                "The projection of “point” is not finite: its numbers are too large.", fields.culprit("point"))
        }
        let distance = euclideanDistance(point, result.value)
        guard distance.isFinite else {
            throw Problem.invalid(
                "The distance from “point” to the set exceeds the range of a double: its numbers are too large.",
                fields.culprit("point"))
        }
        return .json(
            .object([
                ("projection", .numbers(result.value)),
                ("distance", .number(distance)),
            ]), timing: result.timing)
    }
}
