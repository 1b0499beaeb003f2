import HTTPTypes

/// The representations that Riviera reads and writes.
public enum MediaType: String, Sendable, CaseIterable {
    case json = "application/json"
    case ndjson = "application/x-ndjson"
    case png = "image/png"
    case svg = "image/svg+xml"
    case csv = "text/csv"
    case text = "text/plain"
    case html = "text/html"
    case css = "text/css"
    case javaScript = "text/javascript"
    case problem = "application/problem+json"
    case form = "multipart/form-data"

    var type: Substring { rawValue.prefix { $0 != "/" } }

    /// The value of a Content-Type field.
    var contentType: String {
        switch self {
        case .text, .csv, .html, .css, .javaScript: "\(rawValue); charset=utf-8"
        default: rawValue
        }
    }

    var isPicture: Bool { type == "image" }

    /// What `format=` in a query calls it; nil for what cannot be asked for so.
    package var formatName: String? {
        switch self {
        case .json: "json"
        case .ndjson: "ndjson"
        case .png: "png"
        case .svg: "svg"
        case .csv: "csv"
        case .text: "text"
        case .html: "html"
        case .css, .javaScript, .problem, .form: nil
        }
    }

    /// The type that a Content-Type field names, its parameters left out; nil for any other.
    package init?(contentType: String) {
        // As nearly everybody spells it.
        if let type = MediaType(rawValue: contentType) {
            self = type
            return
        }
        let essence = contentType.prefix { $0 != ";" }.trimmed.lowercased()
        // curl users write what they mean in several ways.
        switch essence {
        case "application/ndjson", "application/jsonl", "application/x-jsonlines": self = .ndjson
        case "text/json": self = .json
        default: self.init(rawValue: essence)
        }
    }

    /// Which of `offered` an Accept field prefers (RFC 9110, section 12.5.1): the highest quality, then pictures where
    /// the field is an image tag's, then the order of the offer. nil where it accepts none of them.
    package static func negotiated(_ accept: String?, among offered: [MediaType]) -> MediaType? {
        guard let accept, !accept.trimmed.isEmpty else { return offered.first }
        let ranges = accept.split(separator: ",").map(Range.init)
        // Some browsers' image tags name formats that are not offered, and then take anything: `image/avif,image/webp,*/*`.
        // A click on a link names pages beside them.
        let isImageTag = ranges.contains { $0.isPicture && $0.quality > 0 } && !ranges.contains { $0.isPage }
        let offered = isImageTag ? offered.filter(\.isPicture) + offered.filter { !$0.isPicture } : offered
        var best: (type: MediaType, quality: Double)?
        for type in offered {
            // The most specific range that matches decides.
            let matching = ranges.filter { $0.matches(type) }
            guard let quality = matching.max(by: { $0.specificity < $1.specificity })?.quality,
                quality > 0, quality > best?.quality ?? 0
            else { continue }
            best = (type, quality)
        }
        return best?.type
    }

    private struct Range {
        let essence: String
        let quality: Double

        init(_ text: Substring) {
            let parts = text.split(separator: ";").map(\.trimmed)
            essence = parts.first?.lowercased() ?? ""
            let weight = parts.dropFirst().first { $0.lowercased().hasPrefix("q=") }
            quality = weight.flatMap { Double($0.dropFirst(2)) } ?? 1
        }

        var isPicture: Bool { essence.hasPrefix("image/") }
        var isPage: Bool { essence == MediaType.html.rawValue }

        var specificity: Int { essence == "*/*" ? 0 : essence.hasSuffix("/*") ? 1 : 2 }

        func matches(_ type: MediaType) -> Bool {
            essence == "*/*" || essence == type.rawValue || essence == "\(type.type)/*"
                || MediaType(contentType: essence) == type
        }
    }
}

extension Substring {
    /// Without spaces and tabs at the ends.
    var trimmed: Substring {
        let isSpace = { (character: Character) in character == " " || character == "\t" }
        var result = drop(while: isSpace)
        while let last = result.last, isSpace(last) { result.removeLast() }
        return result
    }
}

extension String {
    var trimmed: Substring { self[...].trimmed }
}
