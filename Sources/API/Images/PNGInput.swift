/// Pictures that clients send.
struct PNGInput {
    let shape: ImageShape
    /// The form's part that holds the picture; nil where it is the body.
    var part: String?
    /// The model that would take a picture of another size.
    var photographModel: String?

    /// - Throws: `Problem`, 400 for bytes that are no whole PNG, 422 for another size.
    func read(_ bytes: [UInt8]) throws -> GrayscaleImage {
        do {
            return try PNG.decode(
                bytes, expecting: PNG.Size(width: shape.columns, height: shape.rows))
        } catch {
            var problem = Problem(error, inPart: part)
            if case .wrongSize = error, let photographModel {
                problem.detail += " Photographs of any size are for model=\(photographModel)."
            }
            throw problem
        }
    }

    /// The samples of a picture without missing pixels.
    func readWhole(_ bytes: [UInt8]) throws -> [Double] {
        let image = try read(bytes)
        guard image.known.allSatisfy({ $0 }) else {
            let whose = part.map { "the PNG in the part \($0.quoted)" } ?? "this PNG"
            throw Problem.invalid("Every pixel must be known; \(whose) has transparent ones.", culprit)
        }
        return image.samples
    }

    private var culprit: Problem.Culprit? { part.map { .parameter($0) } }
}
