import API
import Benchmarks
import Compute
import NormalizingFlows
import Streams
import Training

/// What has been found of images so far.
private struct Findings {
    var columns: [QualityColumn] = []
    var scores: [ConditionalScore] = []
    var densities = MarkdownTable(columns: ["model", "bits per dimension"])
}

extension Evaluate {
    /// `riviera evaluate IMAGES`
    func evaluateImages(_ input: String) async throws {
        let images = try TrainingImages.read(input, limit: first + count)
        guard images.count == first + count else {
            throw FileError(input, "has \(images.count) images, of which \(first + count) were asked for")
        }
        let methods = methods.compactMap { QualityMethod($0) }, line = ProgressLine()
        let peer = peer()
        let conditional = try conditionalModel(for: methods, dimension: images.dimension)
        var findings = Findings()
        do {
            try await evaluate(images, input, methods, conditional, peer, line, &findings)
        } catch  where Interruption.signal != nil {
            // What there is by then is printed.
        }
        line.clear()
        let table = QualityTable(findings.columns)
        if let csv { try writeFile(Array(table.csv.utf8), csv) }
        if !findings.columns.isEmpty {
            for measure in QualityColumn.Measure.allCases {
                try writeOutput("\(measure.title), \(count) images:\n\n\(table.markdown(measure))\n")
            }
        }
        if !findings.densities.isEmpty {
            try writeOutput("Bits per dimension of the images, dequantized:\n\n\(findings.densities)\n")
        }
        if let conditional, !findings.scores.isEmpty {
            try writeOutput(
                "\(conditional.name), 64 draws of each hole:\n\n\(ConditionalScore.table(findings.scores))\n")
        }
        if let peer { try writeOutput("Beside: \(peer.version).\n") }
    }

    /// Every model in turn.
    private func evaluate(
        _ images: ImageSet, _ input: String, _ methods: [QualityMethod], _ conditional: LoadedModel?,
        _ peer: QualityPeer?, _ line: ProgressLine, _ findings: inout Findings
    ) async throws {
        let progress: @Sendable (String) -> Void = { if ProgressLine.isWanted { line.show($0) } }
        let masks = try masks.map { try mask($0, rows: images.rows, columns: images.columns) }
        for (number, name) in (models.isEmpty ? [BundledModel.all[0].name] : models).enumerated() {
            let (model, smooth) = try judged(name, images, input, methods)
            let compute = try compute(model, smooth)
            defer { compute.stop() }
            Interruption.onRequest { compute.endAll() }
            let quality = InpaintingQuality(
                images: (first..<first + count).map(images.greyLevels), rows: images.rows, columns: images.columns,
                on: compute, seed: seed, conditional: conditional)
            let bits = try await quality.bitsPerDimension(progress: progress)
            findings.densities.append([
                model.name, bits.mean.fixed(3) + (bits.standardErrorOfMean.map { " ± " + $0.fixed(3) } ?? ""),
            ])
            let isFirst = number == 0
            if isFirst, conditional != nil {
                findings.scores = try await quality.conditionalScores(masks, samples: 64, progress: progress)
            }
            try await quality.evaluate(methods, masks, model: model.name, progress: progress, into: &findings.columns)
            guard isFirst else { continue }
            if let peer {
                try await quality.evaluate(peer, masks, model: "", progress: progress, into: &findings.columns)
            }
            if let sheet {
                try writeFile(
                    try ContactSheet(of: quality, pictures: pictures).png(findings.columns, masks: masks), sheet)
            }
        }
    }

    /// A model that can judge these images by these methods, and the one beside it that draws are made from.
    private func judged(
        _ name: String, _ images: ImageSet, _ input: String, _ methods: [QualityMethod]
    ) throws -> (LoadedModel, smooth: LoadedModel?) {
        let path = try BundledModel.all.first { $0.name == name }.map { try BundledFiles.weights($0.file) } ?? name
        let model = try LoadedModel(contentsOf: path, precision: precision)
        guard model.flow.dimension == images.dimension else {
            throw FileError(
                input, "has images of \(images.dimension) pixels, but the model \(path) has \(model.flow.dimension)")
        }
        guard !model.flow.isConditional else {
            throw FileError(
                path, "is a model of missing pixels given the known ones; models of whole images are judged")
        }
        if methods.contains(where: { $0.move == .posterior }), model.flow.dimension > ImageGaussian.mostPixels {
            throw FileError(
                path,
                "is of images with \(model.flow.dimension) pixels; posterior is for at most "
                    + "\(ImageGaussian.mostPixels): leave it out of --methods")
        }
        let isDefault = models.isEmpty || name == BundledModel.all[0].name
        return (
            model,
            isDefault
                ? try BundledModel.all[0].smooth.map {
                    try LoadedModel(contentsOf: BundledFiles.weights($0), precision: precision)
                } : nil
        )
    }

    private func peer() -> QualityPeer? {
        guard let python else { return nil }
        do throws(FileError) {
            return try QualityPeer(python: python, training: training)
        } catch {
            complain("\(error); its columns are left out")
            return nil
        }
    }

    /// The conditional model, where a method needs one.
    private func conditionalModel(for methods: [QualityMethod], dimension: Int) throws -> LoadedModel? {
        guard methods.contains(where: \.isConditional) else { return nil }
        let path: String
        if let conditional {
            path = conditional
        } else if let bundled = BundledModel.all.first(where: { $0.name == "conditional" }) {
            path = try BundledFiles.weights(bundled.file)
        } else {
            return nil
        }
        let model = try LoadedModel(contentsOf: path, precision: precision)
        guard model.flow.isConditional, model.flow.dimension == dimension else {
            throw FileError(
                path,
                "is not a model of missing pixels of images of \(dimension) pixels: name one with --conditional, or leave "
                    + "conditional out of --methods")
        }
        return model
    }

    /// - Parameter smooth: the model that draws are made from; nil: `model`.
    private func compute(_ model: LoadedModel, _ smooth: LoadedModel?) throws -> Compute {
        let threads = threads ?? ProcessorCount.available()
        return try Compute(
            model: model, posteriorModel: smooth,
            configuration: ComputeConfiguration(threads: threads, batch: max(64, threads)))
    }

    /// A mask by its name, or from a PNG whose white pixels are the missing ones.
    private func mask(_ name: String, rows: Int, columns: Int) throws -> QualityMask {
        if let mask = QualityMask.named(name, rows: rows, columns: columns, seed: seed) { return mask }
        let picture: GrayscaleImage
        do {
            picture = try PNG.decode(try readFile(name, atMost: 1 << 26), atMost: PNG.Size(width: 4096, height: 4096))
        } catch let error as PNGError {
            throw FileError(name, "\(error)")
        }
        guard picture.width == columns, picture.height == rows else {
            throw FileError(name, "has \(picture.size) pixels, the images have \(columns)×\(rows)")
        }
        let known = picture.samples.map { $0 < 0.5 }
        guard known.contains(false) else { throw FileError(name, "has no white pixel, so that none would be missing") }
        return QualityMask(name: name) { _ in known }
    }
}

extension ImageSet {
    /// The pixels of an image as 0…1, row by row.
    fileprivate func greyLevels(_ image: Int) -> [Double] {
        bytes[image * dimension..<(image + 1) * dimension].map { Double($0) / 255 }
    }
}
