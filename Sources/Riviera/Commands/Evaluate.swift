import ArgumentParser
import Benchmarks
import LinearAlgebra
import Streams

/// `riviera evaluate`
struct Evaluate: InterruptibleCommand {
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

            The same bytes for any number of threads. Stopped by a signal (Ctrl-C), it prints what it has.

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
        if let photographs {
            try await evaluatePhotographs(in: photographs)
        } else if let input {
            try await evaluateImages(input)
        }
        guard let signal = Interruption.signal else { return }
        complain("stopped before the work was done: what was whole by then is printed")
        throw ExitCode(128 + signal)
    }
}
