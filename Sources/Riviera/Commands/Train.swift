import ArgumentParser
import Glibc
import LinearAlgebra
import NormalizingFlows
import Streams
import Training

/// `riviera train`
struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Trains a model on images by maximum likelihood.",
        discussion: """
            IMAGES is an IDX file, gzipped or not, or a folder of PNGs of one size. OUT, which riviera serve \
            --model takes, holds the best epoch's weights from the first epoch on; beside it are the learning \
            curve (.svg) and, until the end, a checkpoint (OUT.checkpoint), from which --resume goes on to the \
            same bytes. SIGINT and SIGTERM stop at such a checkpoint. Threads do not change the result.

            With --patches SIDE the images may have any size, and the model is one of patches, with which riviera inpaint fills \
            photographs: riviera train --patches 8 photographs/ mine.safetensors

            Example: riviera train train-images-idx3-ubyte.gz nice.safetensors --epochs 100 --shift 1 \\
              --test t10k-images-idx3-ubyte.gz
            """)

    @Argument(help: ArgumentHelp("An IDX file or a folder of PNGs.", valueName: "images"), completion: .file())
    var input: String
    @Argument(help: ArgumentHelp("The model's file.", valueName: "out"), completion: .file())
    var output: String

    @Option(help: ArgumentHelp("Images that are evaluated once, at the end.", valueName: "images"), completion: .file())
    var test: String?
    @Option(help: "Takes the first so many images only.")
    var limit: Int?
    @Option(
        help: ArgumentHelp(
            "Learns patches of so many pixels each way, cut from a folder of PNGs of any sizes.", valueName: "side"))
    var patches: Int?
    @Option(help: "With --patches: how many of them are cut. Default: 400000.") var crops: Int?
    @Option(help: "Whose the images are, under which licence: goes into OUT.") var attribution: String?
    @OptionGroup(title: "Training") var training: TrainingOptionGroup
    @OptionGroup(title: "Architecture") var architecture: ArchitectureOptions
    @Flag(help: "Goes on from OUT.checkpoint, which a run with the same options left.")
    var resume = false
    @Option(
        help: ArgumentHelp("A model of this architecture whose weights training starts from.", valueName: "file"),
        completion: .file())
    var from: String?
    @Option(help: "How the matrices are stored in OUT.")
    var precision = Precision.float16
    @Option(help: "The model's name. Default: OUT's, without its ending.")
    var name: String?
    @Option(help: "Threads. Default: one for each processor.")
    var threads: Int?

    func validate() throws {
        guard limit.map({ $0 >= 1 }) ?? true else { throw ValidationError("--limit must be at least 1") }
        guard threads.map((1...1024).contains) ?? true else {
            throw ValidationError("--threads must be from 1 to 1024")
        }
        if let patches {
            guard (4...13).contains(patches) else { throw ValidationError("--patches must be from 4 to 13") }
            guard test == nil, limit == nil else {
                throw ValidationError("--test and --limit are for images of one size: leave them out with --patches")
            }
            guard training.shift == 0, training.rotate == 0 else {
                throw ValidationError("--patches cuts patches anywhere, and turns them: leave --shift and --rotate out")
            }
            guard training.noise == 0 else {
                throw ValidationError("--patches learns every level of noise: leave --noise out")
            }
        }
        if patches == nil, crops != nil { throw ValidationError("--crops is for --patches: leave it out") }
        try architecture.refuse(isOfPatches: patches != nil)
        if resume, from != nil { throw ValidationError("--from is for a new run: leave it out with --resume") }
        guard (1...20_000_000).contains(crops ?? 1) else { throw ValidationError("--crops must be from 1 to 20000000") }
        guard attribution.map({ $0.utf8.count <= 65_536 }) ?? true else {
            throw ValidationError("--attribution may have at most 65536 bytes")
        }
        guard name.map({ $0.utf8.count <= 1024 }) ?? true else {
            throw ValidationError("--name may have at most 1024 bytes")
        }
    }

    func run() throws {
        try refuseToLose()
        let images = try readImages()
        let test = try test.map { path in
            let test = try TrainingImages.read(path, limit: nil)
            guard (test.rows, test.columns) == (images.rows, images.columns) else {
                throw FileError(
                    path,
                    "has images of \(test.columns)×\(test.rows) pixels, \(input) of "
                        + "\(images.columns)×\(images.rows): both must have the same")
            }
            return test
        }
        let memory = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
        let options = training.options, threads = threads ?? ProcessorCount.available()
        let flow =
            patches == nil
            ? try architecture.trainable(for: images, batch: options.batch, threads: threads, memory: memory)
            : try architecture.prior(of: images, batch: options.batch, threads: threads, memory: memory)
        let run = try TrainingRun(flow, on: images, options: options, pool: try ThreadPool(threads: threads))
        if let from, !resume { try run.readModel(from: from) }
        StopRequest.listen()
        let digest = TrainingImages.digest(of: images)
        let session = TrainingSession(
            run: run, output: output, precision: precision,
            metadata: [
                "name": name ?? defaultName, "images_sha256": digest, "limit": limit.map(String.init) ?? "none",
            ].merging(attribution.map { ["attribution": $0] } ?? [:]) { $1 },
            identity: ["images_sha256": digest, "from": from ?? ""], test: test)
        let signal = try session.train(resuming: resume)
        guard signal == 0 else {
            complain("stopped in epoch \(run.progress.epoch + 1) at a checkpoint: --resume goes on from there")
            throw ExitCode(128 + signal)
        }
        try writeOutput(try session.finish())
    }

    /// A run that was interrupted is taken up again or removed by its owner, not by the next one.
    private func refuseToLose() throws(FileError) {
        let checkpoint = "\(output).checkpoint"
        if !resume, access(checkpoint, F_OK) == 0 {
            throw FileError(
                checkpoint, "an interrupted run left this: go on with --resume, or remove it, or name another OUT")
        }
    }

    private func readImages() throws -> ImageSet {
        guard let patches else { return try TrainingImages.read(input, limit: limit) }
        return try PatchCrops.read(input, side: patches, count: crops ?? 400_000, seed: training.seed)
    }

    private var defaultName: String {
        let file = output.split(separator: "/").last.map(String.init) ?? output
        return file.hasSuffix(".safetensors") ? String(file.dropLast(".safetensors".count)) : file
    }
}
