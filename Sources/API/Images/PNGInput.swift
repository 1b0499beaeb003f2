/// Pictures that clients send.
struct PNGInput {
    let shape: ImageShape

    /// - Throws: `Problem`, 400 for bytes that are no whole PNG, 422 for another size.
    func read(_ bytes: [UInt8]) throws -> GrayscaleImage {
        do {
            return try PNG.decode(
                bytes, expecting: PNG.Size(width: shape.columns, height: shape.rows))
        } catch {
            let sentence = error.description.prefix(1).uppercased() + error.description.dropFirst()
            throw error.isWellFormed
                ? Problem.invalid("\(sentence).") : Problem.malformed("\(sentence).")
        }
    }
}
