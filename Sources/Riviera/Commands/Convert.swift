import ArgumentParser
import LinearAlgebra
import NormalizingFlows
import Streams
import Training

/// `riviera convert`
struct Convert: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Turns a model's checkpoint into a safetensors file that serves at once.",
        discussion: """
            IN is a PyTorch checkpoint (torch.save of a NICE state dict) or a safetensors file. Tensors keep \
            PyTorch's names and shapes. Nothing in IN is executed, and OUT appears only when it is complete.

            Example: riviera convert nice.pt nice.safetensors --name nice-mnist \\
              --statistics-from train-images-idx3-ubyte.gz --metadata epochs=36
            """)

    @Argument(help: ArgumentHelp("The checkpoint to read.", valueName: "in"), completion: .file())
    var input: String
    @Argument(help: ArgumentHelp("The file to write.", valueName: "out"), completion: .file())
    var output: String

    @Option(help: "How the matrices are stored.")
    var precision = Precision.float16
    @Option(
        help: ArgumentHelp(
            "Which pixels the first coupling transforms, counted from 0: even (mask_config=1 in PyTorch) or "
                + "odd (mask_config=0). The weights do not show it. Without it what IN records, or even."))
    var firstTransformed: PixelParity?
    @Option(help: "The model's name.")
    var name: String?
    @Option(
        help: ArgumentHelp(
            "The training images, an IDX file or a folder of PNGs: their mean and covariance are recorded, which "
                + "inpainting starts from.", valueName: "images"), completion: .file())
    var statisticsFrom: String?
    @Option(help: ArgumentHelp("Another entry to record; may be repeated.", valueName: "key=value"))
    var metadata: [MetadataEntry] = []

    func validate() throws {
        let keys = metadata.map(\.key)
        if let repeated = keys.first(where: { key in keys.count { $0 == key } > 1 }) {
            throw ValidationError("--metadata \(repeated)=… is given twice")
        }
    }

    func run() throws {
        let statistics = try statisticsFrom.map { path in
            let images = try TrainingImages.read(path, limit: nil)
            let pool = try ThreadPool(threads: ProcessorCount.available())
            return TrainingStatistics(of: images, over: Array(0..<images.count), on: pool)
        }
        let conversion = CheckpointConversion(
            precision: precision, firstTransformed: firstTransformed, name: name, statistics: statistics,
            metadata: Dictionary(uniqueKeysWithValues: metadata.map { ($0.key, $0.value) }))
        let architecture = try conversion.convert(input, to: output)
        try writeOutput(
            "\(output): NICE, \(architecture.dimension) pixels, \(architecture.couplings) couplings of "
                + "\(architecture.hiddenLayers) × \(architecture.width), \(architecture.parameterCount) "
                + "parameters in \(precision.rawValue), \(architecture.firstTransformed) pixels first\n")
    }
}

extension Precision: ExpressibleByArgument {}
extension PixelParity: ExpressibleByArgument {}

/// `key=value`
struct MetadataEntry: ExpressibleByArgument {
    let key, value: String

    init?(argument: String) {
        guard let sign = argument.firstIndex(of: "="), sign > argument.startIndex else { return nil }
        key = String(argument[..<sign])
        value = String(argument[argument.index(after: sign)...])
    }
}
