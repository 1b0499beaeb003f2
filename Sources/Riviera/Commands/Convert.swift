import ArgumentParser
import NormalizingFlows

/// `riviera convert`
struct Convert: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Turns a model's checkpoint into a safetensors file that serves at once.",
        discussion: """
            IN is a PyTorch checkpoint (torch.save of a NICE state dict) or a safetensors file. Tensors keep \
            PyTorch's names and shapes. Nothing in IN is executed, and OUT appears only when it is complete.

            Example: riviera convert nice.pt nice.safetensors --name nice-mnist \\
              --mean-from train-images-idx3-ubyte.gz --metadata epochs=36
            """)

    @Argument(help: ArgumentHelp("The checkpoint to read.", valueName: "in"), completion: .file())
    var input: String
    @Argument(help: ArgumentHelp("The file to write.", valueName: "out"), completion: .file())
    var output: String

    @Option(help: "How the weights are stored.")
    var precision = CheckpointConversion.Precision.float16
    @Option(help: "What people are to call the model.")
    var name: String?
    @Option(
        help: ArgumentHelp("Images of the training set (IDX, gzipped or not), whose mean is recorded.", valueName: "idx"),
        completion: .file())
    var meanFrom: String?
    @Option(help: ArgumentHelp("Something else to record, once for each.", valueName: "key=value"))
    var metadata: [MetadataEntry] = []

    func validate() throws {
        let keys = metadata.map(\.key)
        if let repeated = keys.first(where: { key in keys.count { $0 == key } > 1 }) {
            throw ValidationError("--metadata \(repeated)=… is given twice")
        }
    }

    func run() throws {
        let conversion = CheckpointConversion(
            precision: precision, name: name,
            trainingMean: try meanFrom.map { try IDXImages(contentsOf: $0).mean },
            metadata: Dictionary(uniqueKeysWithValues: metadata.map { ($0.key, $0.value) }))
        let architecture = try conversion.convert(input, to: output)
        print(
            "\(output): NICE, \(architecture.dimension) pixels, \(architecture.couplings) couplings of "
                + "\(architecture.hiddenLayers) × \(architecture.width), \(architecture.parameterCount) "
                + "parameters in \(precision.rawValue)")
    }
}

extension CheckpointConversion.Precision: ExpressibleByArgument {}

/// `key=value`
struct MetadataEntry: ExpressibleByArgument {
    let key, value: String

    init?(argument: String) {
        guard let sign = argument.firstIndex(of: "="), sign > argument.startIndex else { return nil }
        key = String(argument[..<sign])
        value = String(argument[argument.index(after: sign)...])
    }
}
