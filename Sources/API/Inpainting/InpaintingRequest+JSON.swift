extension InpaintingRequest {
    /// From a request object: `image` and all options are its fields.
    init(object json: JSON, shape: ImageShape) throws {
        let grids = ImageJSON(shape: shape)
        var fields = try Fields(json)
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
        try readOptions(from: &fields)
        truth = try fields.json("truth").map { try grids.numbers($0, "truth", at: "/truth") }
        try fields.finish()
        let isFlat = imageJSON.elements?.first.map { $0.elements == nil } ?? false
        try check(
            pixel: { .pointer(isFlat ? "/image/\($0)" : grids.pointer(to: $0, under: "/image")) },
            hole: .pointer("/missing"), initialCulprit: .pointer("/initial"))
    }

    /// From a bare array, the image; the options are query parameters.
    init(array json: JSON, fields: inout Fields, shape: ImageShape) throws {
        let grids = ImageJSON(shape: shape)
        image = try grids.pixels(json, "image", at: "")
        known = image.map { $0 != nil }
        try MissingBoxes(shape: shape).read(from: &fields, into: &known)
        try readOptions(from: &fields)
        try fields.finish()
        let isFlat = json.elements?.first.map { $0.elements == nil } ?? false
        try check(
            pixel: { .pointer(isFlat ? "/\($0)" : grids.pointer(to: $0, under: "")) },
            hole: .parameter("rows"), initialCulprit: .parameter("initial"))
    }
}
