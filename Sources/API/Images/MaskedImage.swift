/// An image with missing pixels, in whatever form it came.
struct MaskedImage: Sendable {
    /// The given pixels, nil where there was none; row-major.
    let pixels: [Double?]
    /// True where a pixel is known.
    private(set) var known: [Bool]
    private let shape: ImageShape
    /// Names a pixel by its index, for errors.
    let pixel: @Sendable (Int) -> Problem.Culprit?
    /// Names the field that says what is missing.
    let hole: Problem.Culprit

    var missingPixels: Int { known.count { !$0 } }

    /// From the fields `image`, `mask` and `missing` of a request object.
    ///
    /// - Parameter boxes: of the query; they are missing as well as what the object says.
    init(object fields: inout Fields, boxes: MissingBox?, shape: ImageShape) throws {
        let grids = ImageJSON(shape: shape)
        guard let json = try fields.json("image") else { throw fields.missing("image", shape.description) }
        pixels = try grids.pixels(json, "image", at: "/image")
        let mask = try fields.json("mask").map { try grids.mask($0, "mask", at: "/mask") }
        known = mask ?? pixels.map { $0 != nil }
        if let boxes = try fields.json("missing") {
            try MissingBoxes(shape: shape).read(boxes, at: "/missing", into: &known)
        }
        boxes?.clear(&known)
        self.shape = shape
        let isFlat = ImageJSON.isFlat(json)
        pixel = { .pointer(grids.pointer(to: $0, under: "/image", isFlat: isFlat)) }
        hole = .pointer("/missing")
    }

    /// From a bare array; boxes are in the query.
    init(array json: JSONNode, fields: inout Fields, shape: ImageShape) throws {
        let grids = ImageJSON(shape: shape)
        pixels = try grids.pixels(json, "image", at: "")
        known = pixels.map { $0 != nil }
        try MissingBoxes(shape: shape).read(from: &fields)?.clear(&known)
        self.shape = shape
        let isFlat = ImageJSON.isFlat(json)
        pixel = { .pointer(grids.pointer(to: $0, under: "", isFlat: isFlat)) }
        hole = .parameter("rows")
    }

    /// From a picture, whose transparent pixels are missing; boxes are in the query.
    init(png picture: GrayscaleImage, fields: inout Fields, shape: ImageShape) throws {
        pixels = zip(picture.samples, picture.known).map { $1 ? $0 : nil }
        known = picture.known
        try MissingBoxes(shape: shape).read(from: &fields)?.clear(&known)
        self.shape = shape
        pixel = { _ in nil }
        hole = .parameter("rows")
    }

    /// From a form with an image and perhaps a mask; boxes are its other parts, or in the query.
    ///
    /// What a picture shows as missing, by the image's transparency, the mask's white or boxes, is missing. A mask in JSON is
    /// read as in a request object.
    init(form: inout ImageForm) throws {
        shape = form.chosen.shape
        guard let pixels = try form.pixels("image") else {
            throw form.options.missing("image", "a PNG or JSON, \(shape.description)")
        }
        self.pixels = pixels
        known = pixels.map { $0 != nil }
        if let mask = try form.known("mask") {
            known = form.isPicture("mask") ? zip(known, mask).map { $0 && $1 } : mask
        }
        try MissingBoxes(shape: shape).read(from: &form.options)?.clear(&known)
        pixel = { [form] in form.pixel($0, of: "image") }
        hole = form.options.culprit("mask")
    }

    /// - Throws: `Problem` 422 for a known pixel that has no value or one beyond 0…1, or where no pixel is missing.
    func check() throws {
        for (index, value) in pixels.enumerated() where known[index] {
            guard let value else {
                throw Problem.invalid(
                    "\(shape.pixel(index)) is null, which means missing, but “mask” says that it is known.",
                    pixel(index))
            }
            try check(value, at: index, pixel(index))
        }
        guard missingPixels > 0 else {
            throw Problem.invalid(
                "No pixel is missing. Mark missing pixels with null, or transparency in a PNG, with “mask” or “missing” "
                    + "(in a query with rows=5:12&columns=5:20).", hole)
        }
    }

    /// The image with the values of its missing pixels: of `truth` where that is given, else those in the image itself.
    ///
    /// - Throws: `Problem` 422 that names a missing pixel without a value, or with one beyond 0…1.
    func values(truth: [Double]?) throws -> [Double] {
        try pixels.indices.map { index in
            guard let value = known[index] ? pixels[index] : truth?[index] ?? pixels[index] else {
                throw Problem.invalid(
                    "\(shape.pixel(index)) is missing and has no value, of which the likelihood is asked. Give the values in "
                        + "“truth”, or instead of null say with “mask” or “missing” (in a query with "
                        + "rows=5:12&columns=5:20) what is missing.", pixel(index))
            }
            if !known[index] { try check(value, at: index, pixel(index)) }
            return value
        }
    }

    private func check(_ value: Double, at index: Int, _ culprit: Problem.Culprit?) throws {
        guard value >= 0 && value <= 1 else {
            throw Problem.invalid(
                "\(shape.pixel(index)) must be between 0 (black) and 1 (white), not \(JSONText.number(value)).", culprit
            )
        }
    }
}
