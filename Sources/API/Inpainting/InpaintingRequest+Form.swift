extension InpaintingRequest {
    /// From a form with an image, perhaps a mask, perhaps the truth; the options are its other parts, or in the query.
    init(form: inout ImageForm) throws {
        chosen = form.chosen
        masked = try MaskedImage(form: &form)
        try readOptions(from: &form.options)
        truth = try form.whole("truth")
        try form.options.finish()
        try check()
    }
}
