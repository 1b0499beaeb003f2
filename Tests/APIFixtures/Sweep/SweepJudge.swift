import API
import Foundation

/// What a reply of the sweep must be, whatever was asked.
package enum SweepJudge {
    /// The statuses that API.md knows.
    private static let statuses: Set = [
        200, 204, 304, 400, 404, 405, 406, 408, 413, 414, 415, 422, 431, 501, 503, 504,
    ]

    /// What is wrong with a reply, nil where nothing is.
    package static func complaint(
        of request: SweepRequest, status: Int, contentType: String?, body: [UInt8]
    ) -> String? {
        guard statuses.contains(status) else { return "status \(status)" }
        if status == 204 || status == 304 { return body.isEmpty ? nil : "a body where there is none" }
        if request.method == .head { return nil }
        if status >= 400 { return problemComplaint(request, status, contentType, body) }
        switch contentType ?? "" {
        case "application/json": return jsonComplaint(body)
        case "application/x-ndjson":
            for line in body.split(separator: UInt8(ascii: "\n")) {
                if let complaint = jsonComplaint(Array(line)) { return complaint }
            }
            return nil
        case "image/png": return body.starts(with: [0x89, 0x50, 0x4E, 0x47]) ? nil : "no PNG"
        case let type where type.hasPrefix("text/csv"):
            // Methods that weigh no draws have none to show.
            return tableComplaint(body, mayBeEmpty: request.target.hasPrefix("/probability"))
        case let type where type.hasPrefix("image/svg+xml"):
            let text = String(decoding: body, as: UTF8.self)
            guard text.hasPrefix("<svg"), text.contains("</svg>") else { return "no SVG" }
            return text.contains("\"nan\"") || text.contains("inf ") ? "a number in an SVG that is none" : nil
        case let type where type.hasPrefix("text/plain"): return body.isEmpty ? "an empty text" : nil
        case let type: return "Content-Type \(type)"
        }
    }

    /// Foundation reads JSON on its own terms.
    private static func jsonComplaint(_ body: [UInt8]) -> String? {
        do {
            _ = try JSONSerialization.jsonObject(with: Data(body), options: .fragmentsAllowed)
            return nil
        } catch {
            return "no JSON: \(error)"
        }
    }

    private static func problemComplaint(
        _ request: SweepRequest, _ status: Int, _ contentType: String?, _ body: [UInt8]
    ) -> String? {
        guard contentType == "application/problem+json" else { return "an error as \(contentType ?? "nothing")" }
        guard let problem = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any] else {
            return "a problem that is no JSON object"
        }
        for name in ["type", "title", "status", "detail", "request_id"] where problem[name] == nil {
            return "a problem without \(name)"
        }
        guard (problem["status"] as? NSNumber)?.intValue == status else { return "another status in the problem" }
        let isNamed = problem["parameter"] is String || problem["pointer"] is String
        if status == 422 || status == 400 && request.body.isEmpty && request.method == .get {
            // A picture may also come under curl's default type.
            let isPicture = ["image/png", "application/x-www-form-urlencoded"].contains(request.contentType)
            guard isNamed || isPicture else { return "nobody is to blame: \(problem["detail"] ?? "")" }
        }
        return nil
    }

    private static func tableComplaint(_ body: [UInt8], mayBeEmpty: Bool) -> String? {
        let lines = String(decoding: body, as: UTF8.self).split(separator: "\n")
        let widths = Set(lines.map { line in line.count { $0 == "," } })
        return lines.count > (mayBeEmpty ? 0 : 1) && widths.count == 1 ? nil : "a table of uneven lines"
    }
}
