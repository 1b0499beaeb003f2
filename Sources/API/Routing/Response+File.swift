import HTTP
import HTTPTypes

extension Response {
    /// Names the file that a browser saves a table, a picture or a stream of lines as, which it may show all the same
    /// (RFC 6266): `gradients.csv`. A drawing that is opened by itself may run nothing.
    mutating func nameFile(after path: String) {
        guard status == .ok, headerFields[.contentType] != MediaType.json.rawValue,
            let type = headerFields[.contentType].flatMap(MediaType.init(contentType:))
        else { return }
        switch type {
        case .csv, .svg, .png, .ndjson: break
        default: return
        }
        let name = path.split(separator: "/").last ?? "riviera"
        headerFields[.contentDisposition] = "inline; filename=\"\(name).\(type.formatName ?? "txt")\""
        headerFields[.xContentTypeOptions] = "nosniff"
        if type == .svg { headerFields[.contentSecurityPolicy] = "sandbox" }
    }
}
