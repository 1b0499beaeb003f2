import API
import APIFixtures
import Testing

@Suite struct ProjectionControllerTests {
    static let good: [(body: String, projection: [Double], distance: Double)] = [
        (#"{"point": [3, -2], "constraints": [{"fixed": 1}, {"min": 0, "max": 1}]}"#, [1, 0], 8.0.squareRoot()),
        (#"{"point": [3, -2, 7], "constraints": [null, {"min": -1}, {"max": 5}]}"#, [3, -1, 5], 5.0.squareRoot()),
        (#"{"point": [0.5], "constraints": [{}]}"#, [0.5], 0),
        (#"{"point": [3, 4], "constraints": {"ball": {"center": [0, 0], "radius": 1}}}"#, [0.6, 0.8], 4),
        (#"{"point": [1, 1], "constraints": {"simplex": 1}}"#, [0.5, 0.5], 0.5.squareRoot()),
        (#"{"point": [2, 0], "constraints": {"half_space": {"normal": [1, 0], "offset": 1}}}"#, [1, 0], 1),
        (#"{"point": [5, 6], "constraints": {"ball": {"center": [1, 2], "radius": 0}}}"#, [1, 2], 32.0.squareRoot()),
    ]

    @Test(arguments: good.indices)
    func theNearestPointOfTheSet(index: Int) async throws {
        let (body, projection, distance) = Self.good[index]
        let reply = try await APIClient().send(.post, "/project", body)
        #expect(reply.status == 200, "\(reply.text)")
        let json = try reply.json()
        let found = json["projection"]?.elements?.compactMap(\.double) ?? []
        #expect(found.count == projection.count)
        for (a, b) in zip(found, projection) { #expect(abs(a - b) < 1e-15) }
        #expect(abs(try #require(json["distance"]?.double) - distance) < 1e-14)
    }

    static let bad: [(body: String, status: Int, pointer: String)] = [
        (#"{"constraints": []}"#, 422, "/point"),
        (#"{"point": [], "constraints": []}"#, 422, "/point"),
        (#"{"point": [1, "2"], "constraints": []}"#, 422, "/point/1"),
        (#"{"point": [1]}"#, 422, "/constraints"),
        (#"{"point": [1], "constraints": 3}"#, 422, "/constraints"),
        (#"{"point": [1], "constraints": {}}"#, 422, "/constraints"),
        (#"{"point": [1, 2], "constraints": [null]}"#, 422, "/constraints"),
        (#"{"point": [1], "constraints": [{"min": 2, "max": 1}]}"#, 422, "/constraints/0/min"),
        (#"{"point": [1, 2], "constraints": [null, {"mn": 2}]}"#, 400, "/constraints/1/mn"),
        (#"{"point": [1], "constraints": [{"fixed": 2, "max": 1}]}"#, 422, "/constraints/0/fixed"),
        (#"{"point": [1], "constraints": [{"fixed": null}]}"#, 422, "/constraints/0/fixed"),
        (#"{"point": [1], "constraints": [7]}"#, 422, "/constraints/0"),
        (#"{"point": [1], "constraints": {"bal": {}}}"#, 422, "/constraints/bal"),
        (#"{"point": [1], "constraints": {"ball": 1}}"#, 422, "/constraints/ball"),
        (#"{"point": [1], "constraints": {"ball": {"radius": 1}}}"#, 422, "/constraints/ball/center"),
        (#"{"point": [1], "constraints": {"ball": {"center": [0], "radius": -1}}}"#, 422, "/constraints/ball/radius"),
        (#"{"point": [1], "constraints": {"ball": {"center": [0, 0], "radius": 1}}}"#, 422, "/constraints/ball"),
        (#"{"point": [1], "constraints": {"simplex": -1}}"#, 422, "/constraints/simplex"),
        (#"{"point": [1], "constraints": {"simplex": [1]}}"#, 422, "/constraints/simplex"),
        (
            #"{"point": [1], "constraints": {"half_space": {"normal": [0], "offset": 1}}}"#, 422,
            "/constraints/half_space/normal"
        ),
        (#"{"point": [1], "constraints": {"simplex": 1, "ball": 2}}"#, 422, "/constraints"),
        (#"{"point": [1], "constraints": [null], "points": 1}"#, 400, "/points"),
    ]

    @Test(arguments: bad.indices)
    func whatDescribesNoSetIsRefusedWithAPointer(index: Int) async throws {
        let (body, status, pointer) = Self.bad[index]
        let reply = try await APIClient().send(.post, "/project", body)
        #expect(reply.status == status, "\(reply.text)")
        #expect(try reply.json()["pointer"]?.text == pointer, "\(reply.text)")
    }
}
