/// How a picture is to be drawn: `scale` enlarges it, `strip` sets hole, result and truth side by
/// side, each below its label.
struct PictureOptions: Sendable {
    private var scale = 1
    private var isStrip = false

    /// - Parameter isWanted: whether the answer is a picture; otherwise the options are refused.
    /// - Throws: `Problem` where an option is out of range or no picture was asked for.
    init(from query: inout Fields, isWanted: Bool) throws {
        try self.init(scaleFrom: &query, isWanted: isWanted)
        isStrip = try query.read(PictureFields.strip)
        try Self.refuse("strip", query.has(PictureFields.strip) && !isWanted, query)
    }

    /// `scale` alone.
    init(scaleFrom query: inout Fields, isWanted: Bool) throws {
        scale = try query.read(PictureFields.scale)
        try Self.refuse("scale", query.has(PictureFields.scale) && !isWanted, query)
    }

    private static func refuse(_ name: String, _ isWrong: Bool, _ query: Fields) throws {
        guard isWrong else { return }
        throw Problem.invalid(
            "“\(name)” applies to pictures only: add format=png to the query, or -H 'Accept: image/png'.",
            query.culprit(name))
    }

    func encode(_ outcome: InpaintingOutcome, shape: ImageShape) throws -> [UInt8] {
        let size = PNG.Size(width: shape.columns, height: shape.rows)
        let result = GrayscaleImage(size: size, samples: outcome.image)
        guard isStrip else { return try encode(result) }
        let request = outcome.filling.request
        var pictures = [
            hole(request, size),
            result.labelled("RESULT"),
        ]
        if let truth = request.truth {
            pictures.append(GrayscaleImage(size: size, samples: truth).labelled("TRUTH"))
        }
        return try encode(.strip(of: pictures), holes: .tinted)
    }

    /// The mean of the draws and their spread side by side; a strip sets hole and truth beside them, each labelled. The
    /// spread is twice as bright as it is: what lies in 0…1 has at most a deviation of a half.
    func encode(_ outcome: PosteriorOutcome, shape: ImageShape) throws -> [UInt8] {
        try encode(mean: outcome.image, spread: outcome.spread, outcome.filling.request, shape)
    }

    /// The same of a conditional model's draws.
    func encode(_ outcome: ConditionalOutcome, shape: ImageShape) throws -> [UInt8] {
        try encode(mean: outcome.image, spread: outcome.spread, outcome.filling.request, shape)
    }

    private func encode(
        mean: [Double], spread: [Double], _ request: InpaintingRequest, _ shape: ImageShape
    ) throws -> [UInt8] {
        let size = PNG.Size(width: shape.columns, height: shape.rows)
        let mean = GrayscaleImage(size: size, samples: mean)
        let spread = GrayscaleImage(size: size, samples: spread.map { min(2 * $0, 1) })
        guard isStrip else { return try encode(.strip(of: [mean, spread])) }
        var pictures = [hole(request, size), mean.labelled("MEAN"), spread.labelled("SPREAD")]
        if let truth = request.truth {
            pictures.append(GrayscaleImage(size: size, samples: truth).labelled("TRUTH"))
        }
        return try encode(.strip(of: pictures), holes: .tinted)
    }

    private func hole(_ request: InpaintingRequest, _ size: PNG.Size) -> GrayscaleImage {
        GrayscaleImage(size: size, samples: request.image.map { $0 ?? 0 }, known: request.known).labelled("HOLE")
    }

    /// What drawing a grid of so many images takes: samples, channels and the file.
    func gridBytes(_ count: Int, _ shape: ImageShape) -> Int {
        let cells = count * (shape.rows + 1) * (shape.columns + 1) * 2
        return cells * (9 + 2 * scale * scale)
    }

    /// Images row by row in a grid about as wide as high.
    func grid(_ images: [[Float]], shape: ImageShape) throws -> [UInt8] {
        let size = PNG.Size(width: shape.columns, height: shape.rows)
        let pictures = images.map { GrayscaleImage(size: size, samples: $0.map(Double.init)) }
        return try encode(pictures.count == 1 ? pictures[0] : .grid(of: pictures))
    }

    private func encode(
        _ picture: GrayscaleImage, holes: PNG.Holes = .transparent
    ) throws -> [UInt8] {
        do {
            return try PNG.encode(picture, scale: scale, holes: holes)
        } catch {
            throw Problem.invalid("With “scale” = \(scale) \(error.description).", .parameter("scale"))
        }
    }
}
