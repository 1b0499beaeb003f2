extension InpaintingRequest {
    /// From a picture, whose transparent pixels are missing; the options are query parameters.
    init(png picture: GrayscaleImage, fields: inout Fields, shape: ImageShape) throws {
        image = zip(picture.samples, picture.known).map { $1 ? $0 : nil }
        known = picture.known
        try MissingBoxes(shape: shape).read(from: &fields)?.clear(&known)
        try readOptions(from: &fields)
        try fields.finish()
        try check(
            shape, pixel: { _ in nil }, hole: .parameter("rows"), initial: .parameter("initial"))
    }
}
