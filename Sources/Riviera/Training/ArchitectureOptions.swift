import ArgumentParser
import LinearAlgebra
import NormalizingFlows
import Training

/// What kind of flow is trained.
package enum FlowKind: String, ExpressibleByArgument, CaseIterable {
    case nice, convolutional
}

extension PixelScale: ExpressibleByArgument {}

/// How a convolutional flow's couplings move numbers.
package enum CouplingKind: String, ExpressibleByArgument, CaseIterable {
    case affine, spline
}

/// The model's sizes, as options of `riviera train`.
package struct ArchitectureOptions: ParsableArguments {
    @Option(
        help: """
            nice: additive couplings of fully connected networks; convolutional: invertible 1×1 convolutions and affine \
            couplings of 3×3 convolutions. Default: nice.
            """)
    var flow: FlowKind?
    @Flag(help: "With --flow convolutional: a model of missing pixels given the known ones, for any hole.")
    var conditional = false
    @Option(help: "Couplings. Default: 4, of a convolutional flow 12.") var couplings: Int?
    @Option(help: "NICE's hidden layers of each coupling. Default: 5.") var hidden: Int?
    @Option(help: "Units or channels of a hidden layer. Default: 1000, of a convolutional flow 96.") var width: Int?
    @Option(help: "Which pixels NICE's first coupling moves, counted from 0: even or odd. Default: even.")
    var firstTransformed: PixelParity?
    @Option(help: "A convolutional flow's positions are blocks of so many pixels each way. Default: 4.") var block: Int?
    @Option(
        help:
            "How a convolutional flow's couplings move numbers: affine, or by rational-quadratic splines. Default: affine."
    )
    var coupling: CouplingKind?
    @Option(help: "Bins of a spline. Default: 8.") var bins: Int?
    @Option(help: "Splines lie between ±bound, in the standard deviations that all ends in. Default: 4.") var bound:
        Float?
    @Option(
        help:
            "What a convolutional flow does to pixels first: logit, for black and white; linear, nothing. Default: logit."
    )
    var scale: PixelScale?
    @Option(help: "Channels of the features of the known pixels, with --conditional. Default: 96.") var features: Int?
    @Option(help: "Residual blocks that make them. Default: 4.") var blocks: Int?
    @Option(
        help: """
            What the squared error of a prediction of the missing pixels from the features counts beside the log-likelihood, with \
            --conditional; 0: nothing. It makes the features useful early and is no part of the model. Default: 3.
            """)
    var regressionWeight: Float?

    package init() {}

    package mutating func validate() throws {
        for (name, value, range) in [
            ("couplings", couplings ?? 1, 1...64), ("hidden", hidden ?? 1, 1...64), ("width", width ?? 1, 1...65536),
            ("block", block ?? 4, 2...13), ("features", features ?? 1, 1...4096), ("blocks", blocks ?? 1, 1...64),
            ("bins", bins ?? 8, RationalQuadraticSpline.allBins),
        ] where !range.contains(value) {
            throw ValidationError("--\(name) must be from \(range.lowerBound) to \(range.upperBound), not \(value)")
        }
        if let regressionWeight, !(regressionWeight >= 0 && regressionWeight <= 1e6) {
            throw ValidationError("--regression-weight must be from 0 to 1000000, not \(regressionWeight)")
        }
        if let bound, !(bound >= 0.001 && bound <= 1000) {
            throw ValidationError("--bound must be from 0.001 to 1000, not \(bound)")
        }
        if flow == .convolutional, (width ?? 1) > 4096 {
            throw ValidationError("--width of a convolutional flow must be from 1 to 4096")
        }
    }

    /// Refuses what the kind of model has no use for.
    ///
    /// - Parameter isOfPatches: whether it is one of patches of photographs, whose kind is given.
    /// - Throws: `ValidationError` that names the option and what it is for.
    package func refuse(isOfPatches: Bool) throws {
        let isConvolutional = flow == .convolutional && !isOfPatches
        let isSpline = isConvolutional && coupling == .spline
        for (option, isGiven, applies, use) in [
            ("--flow", flow != nil, !isOfPatches, "images of one size, not --patches"),
            ("--conditional", conditional, isConvolutional, "--flow convolutional"),
            ("--hidden", hidden != nil, !isOfPatches && flow != .convolutional, "--flow nice"),
            ("--first-transformed", firstTransformed != nil, !isOfPatches && flow != .convolutional, "--flow nice"),
            ("--block", block != nil, isConvolutional, "--flow convolutional"),
            ("--coupling", coupling != nil, isConvolutional, "--flow convolutional"),
            ("--bins", bins != nil, isSpline, "--coupling spline of a convolutional flow"),
            ("--bound", bound != nil, isSpline, "--coupling spline of a convolutional flow"),
            ("--scale", scale != nil, isConvolutional, "--flow convolutional"),
            ("--features", features != nil, isConvolutional && conditional, "--conditional"),
            ("--blocks", blocks != nil, isConvolutional && conditional, "--conditional"),
            ("--regression-weight", regressionWeight != nil, isConvolutional && conditional, "--conditional"),
        ] where isGiven && !applies {
            throw ValidationError("\(option) is for \(use): leave it out")
        }
    }

    /// - Throws: `ValidationError` where a model of these sizes cannot be trained on this machine.
    package func trainable(for images: ImageSet, batch: Int, threads: Int, memory: Int) throws -> any TrainableFlow {
        switch flow ?? .nice {
        case .nice:
            let architecture = try nice(for: images)
            // Weights, two moments, the average and the gradient.
            try require(parameters: architecture.parameterCount, copies: 5, memory: memory)
            return try TrainableNICE(architecture, batchCapacity: batch)
        case .convolutional:
            let block = block ?? 4
            guard images.rows.isMultiple(of: block), images.columns.isMultiple(of: block) else {
                throw ValidationError(
                    "images of \(images.columns)×\(images.rows) pixels: --block \(block) must divide both")
            }
            let architecture = ConvolutionalArchitecture(
                rows: images.rows, columns: images.columns, block: block, steps: couplings ?? 12, hidden: width ?? 96,
                conditioner: conditional ? .init(features: features ?? 96, blocks: blocks ?? 4) : nil,
                scale: scale ?? .logit,
                coupling: coupling == .spline
                    ? .spline(RationalQuadraticSpline(bins: bins ?? 8, bound: bound ?? 4)) : .affine)
            // Beside those the gradient of each group.
            try require(
                parameters: architecture.parameterCount, copies: 5 + (batch + 15) / 16, memory: memory)
            return try TrainableConvolutional(
                architecture, batchCapacity: batch, threads: threads, regressionWeight: regressionWeight ?? 3)
        }
    }

    /// - Throws: `ValidationError` where a prior of patches of these sizes cannot be trained on this machine.
    package func prior(of patches: ImageSet, batch: Int, threads: Int, memory: Int) throws -> any TrainableFlow {
        let architecture = ConvolutionalArchitecture(
            rows: patches.rows, columns: patches.columns, block: patches.rows, steps: couplings ?? 8,
            hidden: width ?? 128, conditioner: nil, scale: .linear,
            noise: NoiseLevels(minimum: 0.5 / 255, maximum: 60 / 255.0))
        try require(parameters: architecture.parameterCount, copies: 5 + (batch + 127) / 128, memory: memory)
        return try TrainableConvolutional(
            architecture, batchCapacity: batch, threads: threads, regressionWeight: regressionWeight ?? 3)
    }

    private func nice(for images: ImageSet) throws -> NICEArchitecture {
        guard images.dimension.isMultiple(of: 2) else {
            throw ValidationError(
                "images of \(images.columns)×\(images.rows) pixels: NICE pairs pixels up, so their number must be even")
        }
        return NICEArchitecture(
            dimension: images.dimension, couplings: couplings ?? 4, hiddenLayers: hidden ?? 5, width: width ?? 1000,
            firstTransformed: firstTransformed ?? .even)
    }

    private func require(parameters: Int, copies: Int, memory: Int) throws {
        let bytes = Double(parameters) * 4 * Double(copies)
        guard bytes <= Double(memory) else {
            throw ValidationError(
                "\(parameters) parameters take \(Int(bytes / 1e9) + 1) GB to train, of which this machine has "
                    + "\(memory / 1_000_000_000): choose a smaller --width, --hidden or --couplings")
        }
    }
}
