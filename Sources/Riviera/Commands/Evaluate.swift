import API
import ArgumentParser
import Benchmarks
import Compute
import LinearAlgebra
import NormalizingFlows
import Streams
import Training

/// `riviera evaluate`
struct Evaluate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Fills holes in images whose truth is known, by several methods, and tables how good the results are.",
        discussion: """
            IMAGES is an IDX file, gzipped or not, or a folder of PNGs, of images that the model was not trained on. Prints \
            tables of PSNR, SSIM and log-likelihood: a row a mask, a column a method, mean ± standard error over the images.

            A method is METHOD[:START][@ITERATIONS]: projected_gradient, adam (the same with step_size adam), noisy_gradient or \
            paper_gradient (the same with step_size paper), from conditional_mean, mean or \
            noise; conditional_mean and mean alone are the starts themselves. posterior is the mean of \
            draws by 16 chains. conditional is the mean of 64 draws of a model of missing pixels given the known ones, \
            conditional@1 one draw, and draw a start. With conditional there is a table of that model's bits per missing pixel \
            and of how often its intervals cover the truth. With --python, methods of OpenCV, \
            scikit-image and NumPy fill the same images: telea, biharmonic, nearest (training image), gaussian \
            (conditional mean); what is not installed is skipped with a note.

            With --photographs FOLDER it is photographs of any size that are damaged and filled, by a prior of patches; PSNR is \
            over all channels, and OpenCV's two methods, linear interpolation and the biharmonic equation fill the same.

            The same bytes for any number of threads.

            Example: riviera evaluate t10k-images-idx3-ubyte.gz --count 256 --csv scores.csv --sheet sheet.png \\
              --python venv/bin/python --training train-images-idx3-ubyte.gz
            """)

    @Argument(help: ArgumentHelp("The images: an IDX file or a folder of PNGs.", valueName: "images"))
    var input: String?
    @Option(
        help: ArgumentHelp(
            "Photographs instead, PNGs of any sizes, with --masks text scratches random50 random80 blocks.",
            valueName: "folder"), completion: .directory)
    var photographs: String?
    @Option(help: "How many images.")
    var count = 256
    @Option(help: "The first image, counted from 0.")
    var first = 0
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "box (rows 5:12, columns 5:20 of 28), centre, top, random50, random80; or a PNG with white for missing.",
            valueName: "mask"))
    var masks = QualityMask.names
    @Option(parsing: .upToNextOption, help: ArgumentHelp("METHOD[:START][@ITERATIONS].", valueName: "method"))
    var methods = [
        "projected_gradient", "adam", "adam:mean", "adam:noise", "noisy_gradient", "conditional_mean", "conditional",
        "conditional@1",
    ]
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Weights, or the name of a model that comes with the program; by default its first.", valueName: "file"))
    var models: [String] = []
    @Option(help: ArgumentHelp("The conditional model's weights.", valueName: "file"), completion: .file())
    var conditional: String?
    @Option(help: "How the matrices stand in memory.")
    var precision = Precision.float16
    @Option(help: "Of random masks, starts and steps.")
    var seed: UInt64 = 0
    @Option(help: ArgumentHelp("A Python with the peers' libraries.", valueName: "path"), completion: .file())
    var python: String?
    @Option(help: ArgumentHelp("Training images (IDX), for the peers that learn from them.", valueName: "idx"))
    var training: String?
    @Option(
        help: ArgumentHelp("Where to write a line for each image under each mask by each method.", valueName: "file"))
    var csv: String?
    @Option(help: ArgumentHelp("Where to write a PNG: truth, hole and each method's answer.", valueName: "file"))
    var sheet: String?
    @Option(help: "Images on the sheet.")
    var pictures = 8
    @Option(help: "Threads. Default: one for each processor.")
    var threads: Int?

    func validate() throws {
        guard (input == nil) != (photographs == nil) else {
            throw ValidationError("name the images, or a folder by --photographs")
        }
        for (name, value, range) in [
            ("count", count, 1...100_000), ("first", first, 0...10_000_000), ("pictures", pictures, 1...64),
            ("threads", threads ?? 1, 1...1024),
        ] where !range.contains(value) {
            throw ValidationError("--\(name) must be from \(range.lowerBound) to \(range.upperBound)")
        }
        for (option, isGiven, applies, use) in [
            (
                "--conditional", conditional != nil, photographs == nil && methods.contains("conditional"),
                "images with the method conditional"
            ),
            ("--sheet", sheet != nil, photographs == nil, "images, not --photographs"),
            ("--training", training != nil, photographs == nil && python != nil, "images with --python"),
        ] where isGiven && !applies {
            throw ValidationError("\(option) is for \(use): leave it out")
        }
        guard !masks.isEmpty, !methods.isEmpty else { throw ValidationError("there must be a mask and a method") }
        for method in methods where QualityMethod(method) == nil {
            throw ValidationError(
                "--methods: \(method) is none of conditional, posterior, projected_gradient, adam, noisy_gradient, paper_gradient, perhaps followed by "
                    + ":conditional_mean, :mean, :noise or :draw and @1 to @10000, or conditional_mean or mean")
        }
    }

    func run() async throws {
        if let photographs { return try await evaluatePhotographs(in: photographs) }
        guard let input else { return }
        let images = try TrainingImages.read(input, limit: first + count)
        guard images.count == first + count else {
            throw FileError(input, "has \(images.count) images, of which \(first + count) were asked for")
        }
        let masks = try masks.map { try mask($0, rows: images.rows, columns: images.columns) }
        let methods = methods.compactMap { QualityMethod($0) }, line = ProgressLine()
        let progress: @Sendable (String) -> Void = { if ProgressLine.isWanted { line.show($0) } }
        let peer = peer()
        let conditional = try conditionalModel(for: methods, dimension: images.dimension)
        var columns: [QualityColumn] = [], scores: [ConditionalScore] = []
        var densities = MarkdownTable(columns: ["model", "bits per dimension"])
        for name in models.isEmpty ? [BundledModel.all[0].name] : models {
            let path = try BundledModel.all.first { $0.name == name }.map { try BundledFiles.weights($0.file) } ?? name
            let model = try LoadedModel(contentsOf: path, precision: precision)
            guard model.flow.dimension == images.dimension else {
                throw FileError(
                    input, "has images of \(images.dimension) pixels, but the model \(path) has \(model.flow.dimension)"
                )
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
            let smooth =
                models.isEmpty || name == BundledModel.all[0].name
                ? try BundledModel.all[0].smooth.map {
                    try LoadedModel(contentsOf: BundledFiles.weights($0), precision: precision)
                } : nil
            let compute = try compute(model, smooth)
            defer { compute.stop() }
            let quality = InpaintingQuality(
                images: (first..<first + count).map(images.greyLevels), rows: images.rows, columns: images.columns,
                on: compute, seed: seed, conditional: conditional)
            let bits = try await quality.bitsPerDimension(progress: progress)
            densities.append([
                model.name, bits.mean.fixed(3) + (bits.standardErrorOfMean.map { " ± " + $0.fixed(3) } ?? ""),
            ])
            if columns.isEmpty, conditional != nil {
                scores = try await quality.conditionalScores(masks, samples: 64, progress: progress)
            }
            var own = try await quality.columns(by: methods, masks, model: model.name, progress: progress)
            if let peer, columns.isEmpty {
                own += try await quality.columns(by: peer, masks, model: "", progress: progress)
            }
            if let sheet, columns.isEmpty {
                try writeFile(try ContactSheet(of: quality, pictures: pictures).png(own, masks: masks), sheet)
            }
            columns += own
        }
        line.clear()
        let table = QualityTable(columns)
        if let csv { try writeFile(Array(table.csv.utf8), csv) }
        for measure in QualityColumn.Measure.allCases {
            try writeOutput("\(measure.title), \(count) images:\n\n\(table.markdown(measure))\n")
        }
        try writeOutput("Bits per dimension of the images, dequantized:\n\n\(densities)\n")
        if let conditional {
            try writeOutput("\(conditional.name), 64 draws of each hole:\n\n\(ConditionalScore.table(scores))\n")
        }
        if let peer { try writeOutput("Beside: \(peer.version).\n") }
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
