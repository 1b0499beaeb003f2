/// A form whose parts are images, masks and options.
struct ImageForm: Sendable {
    /// What a part holds.
    private enum Grid: Sendable {
        case picture([UInt8])
        case json(JSONNode)
    }

    /// The parts that are texts, and the query.
    var options: Fields
    /// The model that the options name.
    let chosen: ChosenModel
    private var shape: ImageShape { chosen.shape }
    /// The model that would take a picture of another size.
    private let photographModel: String?
    private var grids: [(name: String, grid: Grid)] = []

    /// - Parameters:
    ///   - names: of the parts that may be pictures or arrays in JSON
    ///   - patches: whether the model may be one of patches of photographs
    init(_ call: Call, grids names: [String], models: ModelChooser, patches: Bool = false) async throws {
        var form = try await MultipartForm(call.request)
        for name in names {
            if let part = form.take(name) { grids.append((name, try await Self.grid(part, call))) }
        }
        options = try Fields(query: call.query, parts: form.texts)
        // What is unknown is told of these, too.
        for name in names { _ = options.take(name) }
        chosen = try models.choose(from: &options, patches: patches)
        photographModel = patches ? chosen.photographModel : nil
    }

    private static func grid(_ part: MultipartForm.Part, _ call: Call) async throws -> Grid {
        let type = part.contentType.map { MediaType(contentType: $0) }
        if type == .png || PNGChunks.areOfPicture(part.bytes) { return .picture(part.bytes) }
        // What programs say of files that they do not know is no reason to refuse one.
        let essence = part.contentType.map { $0.prefix { $0 != ";" }.trimmed.lowercased() }
        guard type == .json || ["text/plain", "application/octet-stream", nil].contains(essence) else {
            throw Problem(
                .unsupportedMediaType,
                "The part \(part.name.quoted) has Content-Type \((part.contentType ?? "").quoted): send a PNG or JSON.",
                culprit: .parameter(part.name))
        }
        do {
            return .json(try await call.json(part.bytes))
        } catch let error as JSONError {
            throw Problem(error, of: "The part \(part.name.quoted)")
        }
    }

    /// Pixels, nil where they are missing: transparent, or null. nil where there is no such part.
    func pixels(_ name: String) throws -> [Double?]? {
        switch self[name] {
        case nil: return nil
        case .json(let json): return try ImageJSON(shape: shape).pixels(json, name, at: "/\(name)")
        case .picture(let bytes):
            let picture = try PNGInput(shape: shape, part: name, photographModel: photographModel).read(bytes)
            return zip(picture.samples, picture.known).map { $1 ? $0 : nil }
        }
    }

    /// Pixels none of which is missing; nil where there is no such part.
    func whole(_ name: String) throws -> [Double]? {
        switch self[name] {
        case nil: return nil
        case .json(let json): return try ImageJSON(shape: shape).numbers(json, name, at: "/\(name)")
        case .picture(let bytes):
            return try PNGInput(shape: shape, part: name, photographModel: photographModel).readWhole(bytes)
        }
    }

    /// Which pixels are known: those of a picture that are darker than mid-grey, as in the masks that people paint, where
    /// white is what is to be filled; in JSON those with 1 or true. nil where there is no such part.
    func known(_ name: String) throws -> [Bool]? {
        switch self[name] {
        case nil: return nil
        case .json(let json): return try ImageJSON(shape: shape).mask(json, name, at: "/\(name)")
        case .picture(let bytes):
            let picture = try PNGInput(shape: shape, part: name, photographModel: photographModel).read(bytes)
            guard picture.known.allSatisfy({ $0 }) else {
                throw Problem.invalid(
                    "The part \(name.quoted) has transparent pixels: paint what is missing white, and the rest black.",
                    .parameter(name))
            }
            return picture.samples.map { $0 < 0.5 }
        }
    }

    /// The bytes of a part that is a picture; nil where it is none.
    func picture(_ name: String) -> [UInt8]? {
        if case .picture(let bytes) = self[name] { bytes } else { nil }
    }

    /// A part that is JSON; nil where it is none.
    func json(_ name: String) -> JSONNode? {
        if case .json(let json) = self[name] { json } else { nil }
    }

    /// Whether there is such a part.
    func has(_ name: String) -> Bool { self[name] != nil }

    /// Whether a part is a picture.
    func isPicture(_ name: String) -> Bool {
        if case .picture = self[name] { true } else { false }
    }

    /// The pixel of a part, for errors.
    func pixel(_ index: Int, of name: String) -> Problem.Culprit {
        guard case .json(let json) = self[name] else { return .parameter(name) }
        return .pointer(
            ImageJSON(shape: shape).pointer(to: index, under: "/\(name)", isFlat: ImageJSON.isFlat(json)))
    }

    private subscript(name: String) -> Grid? { grids.first { $0.name.isIdentical(to: name) }?.grid }
}
