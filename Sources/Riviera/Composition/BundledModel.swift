/// A model that comes with the program. Another one takes a line here, and one among the resources of `Package.swift`.
struct BundledModel: Sendable {
    /// What requests call it.
    let name: String
    /// Its weights among the bundled files.
    let file: String
    /// What it is for, in a sentence.
    let purpose: String
    /// The weights of a smoother model of the same images, which its draws of missing pixels are made from.
    var smooth: String?

    /// The default first. All others are left out where the program was copied without their files.
    static let all = [
        BundledModel(
            name: "nice", file: "nice-mnist.safetensors",
            purpose: "Digits of 28 × 28 pixels: the default, fast at filling holes.",
            smooth: "nice-mnist-smooth.safetensors"),
        BundledModel(
            name: "glow", file: "glow-mnist.safetensors",
            purpose: "Digits of 28 × 28 pixels, with a sharper density than nice: for likelihoods and whole draws."),
        BundledModel(
            name: "conditional", file: "conditional-mnist.safetensors",
            purpose:
                "Missing pixels of digits of 28 × 28 pixels given the known ones: for draws of what fills a hole, their mean, "
                + "which comes nearest to the truth, and likelihoods."
        ),
        BundledModel(
            name: photographs, file: "photographs.safetensors",
            purpose: "Photographs of any size, grey or in colours: what is scratched, stamped or lost is filled."),
    ]

    /// The one that fills photographs.
    static let photographs = "photographs"

    static var names: String { all.map(\.name).joined(separator: ", ") }
}
