extension InpaintingRequest {
    /// From a form with an image, perhaps a mask, perhaps the truth; the options are its other parts, or in the query.
    ///
    /// What a picture shows as missing, by the image's transparency, the mask's white or boxes, is missing. A mask in JSON is
    /// read as in a request object.
    init(form: inout ImageForm, shape: ImageShape) throws {
        guard let pixels = try form.pixels("image") else {
            throw form.options.missing("image", "a PNG or JSON, \(shape.description)")
        }
        image = pixels
        known = pixels.map { $0 != nil }
        if let mask = try form.known("mask") {
            known = form.isPicture("mask") ? zip(known, mask).map { $0 && $1 } : mask
        }
        try MissingBoxes(shape: shape).read(from: &form.options)?.clear(&known)
        try readOptions(from: &form.options)
        truth = try form.whole("truth")
        try form.options.finish()
        try check(
            shape, pixel: { [form] in form.pixel($0, of: "image") }, hole: form.options.culprit("mask"),
            initial: form.options.culprit("initial"))
    }
}
