/// An image whose likelihood is asked: whole, or with a conditional model some of its pixels given the others.
struct LikelihoodRequest: Sendable {
    let chosen: ChosenModel
    /// D pixels.
    let image: [Float]
    /// True where a pixel is missing; nil for a model of whole images.
    let missing: [Bool]?

    var missingPixels: Int? { missing.map { $0.count { $0 } } }

    init(_ call: Call, models: ModelChooser) async throws {
        if call.statedType == .form {
            _ = try call.responseType(among: [.json])
            var form = try await ImageForm(call, grids: ["image", "mask", "truth"], models: models)
            try self.init(form: &form)
            return
        }
        var query = try Self.query(of: call, models)
        _ = try call.responseType(among: [.json])
        let (type, bytes) = try await call.body(among: [.json, .ndjson, .png, .form])
        guard type == .png else {
            try self.init(json: try await call.json(bytes), query: query, models: models)
            return
        }
        let chosen = try models.choose(from: &query), input = PNGInput(shape: chosen.shape)
        guard chosen.isConditional else {
            try Self.refuseHoles(query, of: chosen)
            self.init(chosen, try input.readWhole(bytes))
            return
        }
        try self.init(chosen, MaskedImage(png: input.read(bytes), fields: &query, shape: chosen.shape), truth: nil)
    }

    /// The query: the model, and boxes of missing pixels.
    static func query(of call: Call, _ models: ModelChooser) throws -> Fields {
        let query = try call.queryFields()
        var rest = query
        _ = try ModelField.read(from: &rest)
        _ = try rest.string("rows")
        _ = try rest.string("columns")
        try rest.finish()
        try models.check(query)
        return query
    }

    /// - Parameter query: holds for what a request object does not say.
    init(json: JSONNode, query: Fields, models: ModelChooser) throws {
        var query = query, naming = json.isArray ? query : try Fields(json, defaults: query)
        let chosen = try models.choose(from: &naming), shape = chosen.shape, grids = ImageJSON(shape: shape)
        guard chosen.isConditional else {
            try Self.refuseHoles(naming, of: chosen)
            if json.isArray {
                self.init(chosen, try grids.numbers(json, "image", at: ""))
                return
            }
            guard let value = try naming.json("image") else { throw naming.missing("image", shape.description) }
            let image = try grids.numbers(value, "image", at: "/image")
            try naming.finish()
            self.init(chosen, image)
            return
        }
        if json.isArray {
            try self.init(chosen, MaskedImage(array: json, fields: &query, shape: shape), truth: nil)
            return
        }
        let boxes = try MissingBoxes(shape: shape).read(from: &query)
        var fields = try Fields(json, defaults: query)
        _ = try ModelField.read(from: &fields)
        let masked = try MaskedImage(object: &fields, boxes: boxes, shape: shape)
        let truth = try fields.json("truth").map { try grids.numbers($0, "truth", at: "/truth") }
        try fields.finish()
        try self.init(chosen, masked, truth: truth)
    }

    private init(form: inout ImageForm) throws {
        let chosen = form.chosen
        guard chosen.isConditional else {
            try Self.refuseHoles(form.options, of: chosen) { [form] in form.has($0) }
            let image = try form.whole("image")
            try form.options.finish()
            guard let image else { throw form.options.missing("image", "a PNG or JSON, \(chosen.shape.description)") }
            self.init(chosen, image)
            return
        }
        let masked = try MaskedImage(form: &form), truth = try form.whole("truth")
        try form.options.finish()
        try self.init(chosen, masked, truth: truth)
    }

    private init(_ chosen: ChosenModel, _ image: [Double]) {
        self.chosen = chosen
        self.image = image.map { Float($0) }
        missing = nil
    }

    private init(_ chosen: ChosenModel, _ masked: MaskedImage, truth: [Double]?) throws {
        self.chosen = chosen
        try masked.check()
        image = try masked.values(truth: truth).map { Float($0) }
        missing = masked.known.map { !$0 }
    }

    /// What only a model of missing pixels takes.
    ///
    /// - Parameter isPart: whether a form has a part of that name, which is not among the fields.
    private static func refuseHoles(
        _ fields: Fields, of chosen: ChosenModel, isPart: (String) -> Bool = { _ in false }
    ) throws {
        for name in ["mask", "missing", "rows", "columns", "truth"] where fields.peek(name) != nil || isPart(name) {
            throw Problem.invalid(
                "The model \(chosen.served.name.quoted) is of whole images: leave “\(name)” out, or take a model whose kind "
                    + "is conditional (/models lists them).", fields.culprit(name))
        }
    }
}
