extension InpaintingRequest {
    /// From a request object; options that it leaves out are those of the query. Boxes of the query are missing
    /// as well as what the object says.
    ///
    /// - Parameter query: what is not about the form of the reply.
    init(object json: JSONNode, query: Fields, models: ModelChooser) throws {
        try models.check(query)
        var (query, naming) = (query, try Fields(json, defaults: query))
        chosen = try models.choose(from: &naming)
        let boxes = try MissingBoxes(shape: chosen.shape).read(from: &query)
        try InpaintingFields.check(query)
        var fields = try Fields(json, defaults: query)
        _ = try ModelField.read(from: &fields)
        masked = try MaskedImage(object: &fields, boxes: boxes, shape: chosen.shape)
        try readOptions(from: &fields)
        let grids = ImageJSON(shape: chosen.shape)
        truth = try fields.json("truth").map { try grids.numbers($0, "truth", at: "/truth") }
        try fields.finish()
        try check()
    }

    /// From a bare array, the image; the options are query parameters.
    init(array json: JSONNode, fields: inout Fields, models: ModelChooser) throws {
        chosen = try models.choose(from: &fields)
        masked = try MaskedImage(array: json, fields: &fields, shape: chosen.shape)
        try readOptions(from: &fields)
        try fields.finish()
        try check()
    }
}
