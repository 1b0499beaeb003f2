import API
import APIFixtures
import HTTP

extension FuzzTarget {
    /// Each request gets an answer as it is declared, of a status that the contract knows, which names a culprit where it is
    /// an error; and the same once more where nothing is left to chance.
    static func askTheAPI(_ bytes: [UInt8]) throws(Finding) {
        guard let request = SweepRequest(bytes), isRequest(request) else { return }
        let api = try FuzzedAPI.running()
        let reply = try api.answer(to: request)
        if let complaint = SweepJudge.complaint(
            of: request, status: reply.status, contentType: reply.headerFields[.contentType], body: reply.body)
        {
            throw Finding("\(complaint): \(reply.status) \(reply.text.prefix(1000))")
        }
        guard reply.status == 200, request.method != .head, let declaration = api.declaration(at: request.path),
            leavesNothingToChance(request, declaration), !hasProblem(reply)
        else { return }
        let again = try api.answer(to: request)
        // The deadline may have come between.
        guard again.status == 200, !hasProblem(again) else { return }
        guard again.body == reply.body else {
            throw Finding("\(reply.text.prefix(1000)), and once more: \(again.text.prefix(1000))")
        }
    }

    /// Whether the server would hand it to the API.
    private static func isRequest(_ request: SweepRequest) -> Bool {
        (try? Request(method: request.method, target: request.target, headerFields: [:], body: RequestBody([]))) != nil
    }

    /// Lines may have problems of their own, with a number of the request.
    private static func hasProblem(_ reply: APIClient.Reply) -> Bool { reply.text.contains("\"request_id\"") }

    /// Whether the same request has the same answer.
    private static func leavesNothingToChance(_ request: SweepRequest, _ declaration: Declaration) -> Bool {
        guard declaration.tag != .operations else { return false }
        guard SweepBounds.names(declaration).contains("seed") else { return true }
        let query = request.target.dropFirst(request.path.utf8.count + 1)
        if query.split(separator: "&").contains(where: { $0.hasPrefix("seed=") }) { return true }
        guard let body = try? JSONReader.read(request.body), case .object(let members) = body else { return false }
        return members.contains { name, value in name == "seed" && value.double != nil }
    }

    static var requestSeeds: [[UInt8]] { (try? FuzzedAPI.running())?.seeds.map(\.bytes) ?? [] }

    /// Names and values, those of the declarations and those of the sweep.
    static var requestWords: Set<String> {
        guard let api = try? FuzzedAPI.running() else { return [] }
        var words: Set<String> = ["POST ", "GET ", "deadline=", "format=", "application/x-ndjson"]
        words.formUnion(MediaType.allCases.map(\.rawValue))
        words.formUnion(SweepValues.numbers)
        words.formUnion(SweepValues.literals)
        words.formUnion(SweepValues.texts)
        for declaration in Declaration.standard {
            words.insert(declaration.path)
            for name in SweepBounds.names(declaration) { words.formUnion(["\"\(name)\":", "&\(name)="]) }
        }
        for route in api.routes {
            words.formUnion(route.query.flatMap(\.values))
            for body in route.bodies { gather((try? JSONReader.read(Array(body.utf8))) ?? .null, &words) }
        }
        return words
    }

    private static func gather(_ json: JSON, _ words: inout Set<String>) {
        if case .object(let members) = json {
            for (name, value) in members {
                words.insert("\"\(name)\":")
                gather(value, &words)
            }
        }
        for element in json.elements ?? [] { gather(element, &words) }
        if let text = json.text { words.insert("\"\(text)\"") }
    }
}
