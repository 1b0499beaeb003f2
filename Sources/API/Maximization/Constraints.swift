import Projections

/// The field `constraints` of a request: a convex set.
struct Constraints {
    private let fields: Fields
    private let name = "constraints"
    private static let kinds = ["ball", "simplex", "half_space"]

    /// - Parameter fields: those that the constraints are among, to name culprits by
    init(of fields: Fields) { self.fields = fields }

    /// Reads a set that has points of `dimension` coordinates.
    ///
    /// - Throws: `Problem` 422 with the pointer to what is wrong.
    func read(_ json: JSONNode, dimension: Int) throws -> any ConvexSet<Double> {
        if let elements = json.elements {
            return try made(in: "") {
                let box = try Box(try elements.enumerated().map { try interval($1, $0) })
                try box.requireDimension(dimension)
                return box
            }
        }
        let members = json.members.map { Array($0.prefix(2)) } ?? []
        guard members.count == 1 else {
            throw Problem.invalid(
                "“constraints” must be a list with an interval, a fixed value or null for each coordinate, "
                    + "or an object with one of ball, simplex, half_space.", fields.culprit(name))
        }
        let (kind, value) = members[0]
        switch Self.kinds.first(where: kind.isIdentical) {
        case "ball":
            return try made(in: "/ball") {
                var inner = try Fields(value, at: pointer("/ball"))
                let center = try required(try inner.numbers("center"), "center", "/ball")
                let radius = try required(try inner.double("radius"), "radius", "/ball")
                try inner.finish()
                let ball = try Ball(center: center, radius: radius)
                try ball.requireDimension(dimension)
                return ball
            }
        case "simplex":
            guard let total = value.double else {
                throw Problem.invalid(
                    "“simplex” must be a number, the coordinates' sum, not \(value.kind).",
                    .pointer(pointer("/simplex")))
            }
            return try made(in: "") { try Simplex(total: total) }
        case "half_space":
            return try made(in: "/half_space") {
                var inner = try Fields(value, at: pointer("/half_space"))
                let normal = try required(try inner.numbers("normal"), "normal", "/half_space")
                let offset = try required(try inner.double("offset"), "offset", "/half_space")
                try inner.finish()
                let halfSpace = try HalfSpace(normal: normal, offset: offset)
                try halfSpace.requireDimension(dimension)
                return halfSpace
            }
        default:
            var detail = "There is no set \(kind.quoted). Available sets: \(Self.kinds.joined(separator: ", "))."
            if let near = Spelling.nearest(to: kind, among: Self.kinds) {
                detail += " Did you mean “\(near)”?"
            }
            throw Problem.invalid(detail, .pointer(pointer("/\(JSONPointer.escaped(kind))")))
        }
    }

    /// What one coordinate may be: `{"fixed": a}`, `{"min": 0, "max": 1}` or null.
    private func interval(_ json: JSONNode, _ index: Int) throws -> Interval<Double> {
        if json.isNull { return .free }
        var inner = try Fields(json, at: pointer("/\(index)"))
        let fixed = try inner.double("fixed")
        let lower = try inner.double("min"), upper = try inner.double("max")
        try inner.finish()
        guard let fixed else { return Interval(min: lower, max: upper) }
        guard lower == nil && upper == nil else {
            throw Problem.invalid("A fixed coordinate takes neither “min” nor “max”.", inner.culprit("fixed"))
        }
        return Interval(fixed: fixed)
    }

    private func required<Value>(_ value: Value?, _ field: String, _ place: String) throws -> Value {
        guard let value else {
            throw Problem.invalid("“\(field)” is missing.", .pointer(pointer("\(place)/\(field)")))
        }
        return value
    }

    /// Turns the set's own objections into problems.
    ///
    /// - Parameter place: where the blamed fields are, from the constraints on
    private func made<Set>(in place: String, _ make: () throws -> Set) throws -> Set {
        do {
            return try make()
        } catch let error as ConstraintError {
            let index = error.coordinate.map { "/\($0)" } ?? ""
            let path =
                switch error.field {
                case .fixed, .min, .max: "\(index)/\(error.field.rawValue)"
                case .constraints: place
                default: "\(place)/\(error.field.rawValue)\(index)"
                }
            throw Problem.invalid("“\(error.field.rawValue)” \(error.reason).", .pointer(pointer(path)))
        }
    }

    private func pointer(_ path: String) -> String {
        switch fields.culprit(name) {
        case .pointer(let base): base + path
        case .parameter(let name): name + path
        }
    }
}
