extension InpaintingRequest {
    /// From a picture, whose transparent pixels are missing; the options are query parameters.
    init(png bytes: [UInt8], fields: inout Fields, models: ModelChooser) throws {
        chosen = try models.choose(from: &fields)
        masked = try MaskedImage(
            png: PNGInput(shape: chosen.shape, photographModel: chosen.photographModel).read(bytes), fields: &fields,
            shape: chosen.shape)
        try readOptions(from: &fields)
        try fields.finish()
        try check()
    }
}
