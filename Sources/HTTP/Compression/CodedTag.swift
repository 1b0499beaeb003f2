/// The entity tags of one representation in its codings: other bytes need another strong tag
/// (RFC 9110 section 8.8.3.3).
public enum CodedTag {
    /// `"abc-gzip"` for `"abc"`.
    package static func gzip(_ tag: String) -> String {
        tag.hasSuffix("\"") ? "\(tag.dropLast())-gzip\"" : tag
    }

    /// The tag that an If-None-Match field names, by the weak comparison (RFC 9110 section 13.1.2): `tag` itself, or that
    /// of its gzip coding; nil where it names neither. `*` names every tag.
    public static func named(in field: String, of tag: String) -> String? {
        let gzip = gzip(tag)
        for item in field.utf8.split(separator: UInt8(ascii: ",")) {
            var name = ArraySlice(item).trimmingWhitespace()
            if name.elementsEqual("*".utf8) { return tag }
            if name.starts(with: "W/".utf8) { name = name.dropFirst(2) }
            if name.elementsEqual(tag.utf8) { return tag }
            if name.elementsEqual(gzip.utf8) { return gzip }
        }
        return nil
    }
}
