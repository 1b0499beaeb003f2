/// An image without missing pixels, for a model of whole images: `{"image": …}`, a bare array, a PNG, or a form with one
/// of them.
struct WholeImageRequest: Sendable {
    let chosen: ChosenModel
    /// D pixels.
    let image: [Float]

    /// - Parameter lack: what the endpoint would need of a model of missing pixels, as the end of a sentence.
    init(
        _ call: Call, models: ModelChooser, lack: String = "it has no latent of a whole image"
    ) async throws {
        if call.statedType == .form {
            _ = try call.responseType(among: [.json])
            let form = try await ImageForm(call, grids: ["image"], models: models)
            try form.chosen.requireWholeImages(lack)
            let image = try form.whole("image")
            try form.options.finish()
            guard let image else {
                throw form.options.missing("image", "a PNG or JSON, \(form.chosen.shape.description)")
            }
            self.init(form.chosen, image)
            return
        }
        var query = try call.modelQuery()
        _ = try call.responseType(among: [.json])
        try models.check(query)
        let (type, bytes) = try await call.body(among: [.json, .ndjson, .png, .form])
        guard type == .png else {
            try self.init(json: try await call.json(bytes), query: query, models: models, lack: lack)
            return
        }
        let chosen = try models.choose(from: &query)
        try chosen.requireWholeImages(lack)
        self.init(chosen, try PNGInput(shape: chosen.shape).readWhole(bytes))
    }

    /// - Parameter query: the model, where the object names none.
    init(
        json: JSONNode, query: Fields, models: ModelChooser, lack: String = "it has no latent of a whole image"
    ) throws {
        var fields = json.isArray ? query : try Fields(json, defaults: query)
        let chosen = try models.choose(from: &fields), grids = ImageJSON(shape: chosen.shape)
        try chosen.requireWholeImages(lack)
        if json.isArray {
            self.init(chosen, try grids.numbers(json, "image", at: ""))
            return
        }
        guard let value = try fields.json("image") else { throw fields.missing("image", chosen.shape.description) }
        let image = try grids.numbers(value, "image", at: "/image")
        try fields.finish()
        self.init(chosen, image)
    }

    private init(_ chosen: ChosenModel, _ image: [Double]) {
        self.chosen = chosen
        self.image = image.map { Float($0) }
    }
}
