import HTTPTypes

/// What an Accept-Encoding field says (RFC 9110 section 12.5.3).
package struct AcceptedCodings: Equatable {
    /// The weight of gzip, 0 where it is not accepted.
    private(set) var gzip = 0.0
    /// The weight of the content as it is; nil where nothing is said of it, and it is accepted.
    private(set) var identity: Double?

    /// - Parameter field: nil where the request has none: everything is accepted then, but only those who
    ///   name a coding can be trusted to undo it.
    package init(_ field: String?) {
        guard let field else { return }
        var gzip: Double?, any: Double?
        for item in field.utf8.split(separator: UInt8(ascii: ",")) {
            let parts = ArraySlice(item).split(separator: UInt8(ascii: ";")).map { ArraySlice($0).trimmingWhitespace() }
            guard let name = parts.first else { continue }
            let weight = Self.weight(parts.dropFirst())
            if name.equalsIgnoringCase("gzip") || name.equalsIgnoringCase("x-gzip") {
                gzip = max(gzip ?? 0, weight)
            } else if name.equalsIgnoringCase("identity") {
                identity = weight
            } else if name.elementsEqual("*".utf8) {
                any = weight
            }
        }
        self.gzip = gzip ?? any ?? 0
        if identity == nil, any == 0 { identity = 0 }
    }

    /// Whether gzip is to be sent rather than the content as it is.
    package var preferGzip: Bool { gzip > 0 && gzip >= identity ?? 0 }

    /// Whether the content as it is would not be accepted.
    package var refuseIdentity: Bool { identity == 0 }

    /// 1 where no weight is given, 0 where what is given is not a weight.
    private static func weight(_ parameters: ArraySlice<ArraySlice<UInt8>>) -> Double {
        for parameter in parameters {
            guard let equals = parameter.firstIndex(of: UInt8(ascii: "=")),
                parameter[..<equals].trimmingWhitespace().equalsIgnoringCase("q")
            else { continue }
            let text = String(decoding: parameter[(equals + 1)...].trimmingWhitespace(), as: UTF8.self)
            guard let weight = Double(text), weight >= 0 else { return 0 }
            return min(weight, 1)
        }
        return 1
    }
}
