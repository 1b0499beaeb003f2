/// What a PNG says beside its pixels that a picture of the same size can go on saying: what its colours mean (gamma,
/// primaries, colour profile, mastering), which way up it is and how large (EXIF, pixel density), and texts, such as the
/// author's name.
struct PNGMetadata {
    /// Those chunks as they were, in order, to be put behind a header.
    private(set) var bytes: [UInt8] = []

    private static let kept: Set = [
        "cICP", "iCCP", "sRGB", "gAMA", "cHRM", "mDCV", "cLLI", "pHYs", "eXIf", "tEXt", "zTXt", "iTXt",
    ]

    /// - Throws: `PNGError.unsupported` for an animation, of which a still would be left.
    init(of chunks: PNGChunks) throws(PNGError) {
        var kept: [UInt8] = []
        try chunks.forEach { (chunk) throws(PNGError) in
            if chunk.type == "acTL" {
                throw .unsupported(reason: "is an animation", advice: "send its frames one by one")
            }
            if Self.kept.contains(chunk.type) { kept += chunk.bytes }
        }
        bytes = kept
    }
}
