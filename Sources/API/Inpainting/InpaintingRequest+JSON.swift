extension InpaintingRequest {
    /// From a request object; options that it leaves out are those of the query. Boxes of the query are missing
    /// as well as what the object says.
    ///
    /// - Parameter query: what is not about the form of the reply.
    init(object json: JSONNode, query: Fields, shape: ImageShape) throws {
        let grids = ImageJSON(shape: shape)
        var query = query
        let boxes = try MissingBoxes(shape: shape).read(from: &query)
        try InpaintingFields.check(query)
        var fields = try Fields(json, defaults: query)
        guard let imageJSON = try fields.json("image") else {
            throw fields.missing("image", shape.description)
        }
        image = try grids.pixels(imageJSON, "image", at: "/image")
        let maskJSON = try fields.json("mask")
        let mask = try maskJSON.map { try grids.mask($0, "mask", at: "/mask") }
        known = mask ?? image.map { $0 != nil }
        if let boxes = try fields.json("missing") {
            try MissingBoxes(shape: shape).read(boxes, at: "/missing", into: &known)
        }
        boxes?.clear(&known)
        try readOptions(from: &fields)
        truth = try fields.json("truth").map { try grids.numbers($0, "truth", at: "/truth") }
        try fields.finish()
        let isFlat = ImageJSON.isFlat(imageJSON)
        try check(
            shape, pixel: { .pointer(grids.pointer(to: $0, under: "/image", isFlat: isFlat)) },
            hole: .pointer("/missing"), initial: fields.culprit("initial"))
    }

    /// From a bare array, the image; the options are query parameters.
    init(array json: JSONNode, fields: inout Fields, shape: ImageShape) throws {
        let grids = ImageJSON(shape: shape)
        image = try grids.pixels(json, "image", at: "")
        known = image.map { $0 != nil }
        try MissingBoxes(shape: shape).read(from: &fields)?.clear(&known)
        try readOptions(from: &fields)
        try fields.finish()
        let isFlat = ImageJSON.isFlat(json)
        try check(
            shape, pixel: { .pointer(grids.pointer(to: $0, under: "", isFlat: isFlat)) },
            hole: .parameter("rows"), initial: .parameter("initial"))
    }
}
