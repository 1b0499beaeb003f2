/// How a picture is to be drawn; only where the answer is one.
enum PictureFields {
    static let scale: Field<Int> = .integer(
        "scale", in: PNG.scales, default: 1, example: 8,
        "Enlarges the picture by this whole factor; only with a picture as the answer.")
    static let strip: Field<Bool> = .flag(
        "strip",
        "Sets the hole, the result and the truth side by side, each labelled; only with a picture as the answer.")

    static let scaleProperty = scale.property.playing(.drawing)
    static let stripProperty = strip.property.playing(.drawing)
}
