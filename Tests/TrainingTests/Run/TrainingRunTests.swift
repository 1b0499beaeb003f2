import Foundation
import NormalizingFlows
import Testing

import Training

@Suite struct TrainingRunTests {
    /// Images with something to learn: a bright bar at one of three places.
    private static let images: ImageSet = {
        var bytes: [UInt8] = []
        for image in 0..<90 {
            for pixel in 0..<20 {
                let isBar = pixel % 5 == image % 3 + 1
                bytes.append(UInt8(isBar ? 200 + image % 7 : 10 + image * pixel % 5))
            }
        }
        return ImageSet(rows: 4, columns: 5, bytes: bytes)
    }()

    private func options(_ change: (inout TrainingOptions) -> Void = { _ in }) -> TrainingOptions {
        var options = TrainingOptions()
        options.epochs = 3
        options.batch = 16
        options.warmUp = 4
        options.learningRate = 3e-3
        options.dropout = 0.1
        options.augmentation = Augmentation(shift: 1, rotation: 5, share: 0.5)
        options.noise = 0.05
        options.averageDecay = 0.9
        options.validation = 0.2
        change(&options)
        return options
    }

    private func run(_ options: TrainingOptions, threads: Int = 1) throws -> TrainingRun {
        let architecture = NICEArchitecture(dimension: 20, couplings: 2, hiddenLayers: 2, width: 40)
        return try TrainingRun(
            try TrainableNICE(architecture, batchCapacity: options.batch), on: Self.images, options: options,
            pool: try ThreadPool(threads: threads))
    }

    /// Makes steps and ends epochs, as many as there are, or up to a number of steps.
    private func train(_ run: TrainingRun, steps most: Int = .max) throws {
        var made = 0
        while !run.isOver {
            while run.progress.step < run.steps {
                if made == most { return }
                try run.advance()
                made += 1
            }
            run.endEpoch()
        }
    }

    private func numbers(_ run: TrainingRun) -> [[Float]] {
        let parameters = run.parameters
        return [parameters.weights, parameters.first, parameters.second, parameters.best].map {
            Array(UnsafeMutableBufferPointer(start: $0, count: parameters.span))
        }
    }

    private func withPath<Result>(_ body: (String) throws -> Result) rethrows -> Result {
        let path = NSTemporaryDirectory() + "riviera-training-\(UInt64.random(in: 0 ... .max))"
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try body(path)
    }

    @Test func trainingRaisesTheLikelihoodOfWhatItHasNotSeen() throws {
        let run = try run(
            options {
                $0.epochs = 12; $0.dropout = 0; $0.noise = 0; $0.augmentation = Augmentation()
            })
        let before = run.meanLogLikelihood(of: run.split.validation)
        try train(run)
        let after = try #require(run.progress.curve.last?.validation)
        #expect(after > before + 5)
    }

    @Test func theNumbersDoNotDependOnThreads() throws {
        let one = try run(options()), three = try run(options(), threads: 3)
        try train(one)
        try train(three)
        #expect(numbers(one) == numbers(three))
        #expect(one.progress == three.progress)
    }

    @Test func theSeedDecides() throws {
        let one = try run(options()), other = try run(options { $0.seed = 1 })
        try train(one, steps: 3)
        try train(other, steps: 3)
        #expect(numbers(one) != numbers(other))
    }

    /// Stopped anywhere, in the middle of an epoch and between two, and taken up by another process.
    @Test(arguments: [1, 5, 7, 11]) func aRunThatIsTakenUpIsTheRunThatWasNotInterrupted(steps: Int) throws {
        let whole = try run(options())
        try train(whole)
        try withPath { path in
            let first = try run(options())
            try train(first, steps: steps)
            try first.writeCheckpoint(to: path, identity: ["images": "a"])
            let second = try run(options(), threads: 2)
            try second.resume(from: path, identity: ["images": "a"])
            #expect(second.progress == first.progress)
            try train(second)
            #expect(numbers(second) == numbers(whole))
            #expect(second.progress == whole.progress)
            try withPath { model in
                try whole.writeModel(to: path, precision: .float16, metadata: [:])
                try second.writeModel(to: model, precision: .float16, metadata: [:])
                #expect(FileManager.default.contentsEqual(atPath: path, andPath: model))
            }
        }
    }

    @Test func aCheckpointOfAnotherRunIsRefusedByName() throws {
        try withPath { path in
            let first = try run(options())
            try first.writeCheckpoint(to: path, identity: ["images": "a"])
            let other = try run(options { $0.learningRate = 1 })
            let error = #expect(throws: TrainingError.self) { try other.resume(from: path, identity: ["images": "a"]) }
            #expect(error?.description.contains("learning_rate") == true)
            #expect(throws: TrainingError.self) { try first.resume(from: path, identity: ["images": "b"]) }
            #expect(throws: CheckpointError.self) { try first.resume(from: path + "-", identity: ["images": "a"]) }
            try first.writeModel(to: path, precision: .float32, metadata: [:])
            #expect(throws: CheckpointError.self) { try first.resume(from: path, identity: ["images": "a"]) }
        }
    }

    /// Steps that an epoch does not have, or images that are not those of its steps.
    @Test(arguments: [
        (#""progress_step":"2""#, #""progress_step":"9""#), (#""progress_images":"32""#, #""progress_images":"31""#),
    ])
    func aCheckpointThatCountsWrongIsRefused(written: String, damaged: String) throws {
        try withPath { path in
            let first = try run(options())
            try train(first, steps: 2)
            try first.writeCheckpoint(to: path, identity: [:])
            let url = URL(fileURLWithPath: path)
            var bytes = try Data(contentsOf: url)
            bytes.replaceSubrange(try #require(bytes.range(of: Data(written.utf8))), with: Data(damaged.utf8))
            try bytes.write(to: url)
            let second = try run(options())
            let error = #expect(throws: CheckpointError.self) { try second.resume(from: path, identity: [:]) }
            #expect(error?.description.contains("progress_step") == true)
            #expect(second.progress == TrainingProgress())
        }
    }

    @Test func numbersOutOfRangeEndTheRunAndLeaveTheParameters() throws {
        let run = try run(
            options {
                $0.learningRate = 1; $0.warmUp = 0; $0.largestNorm = 1e30
            })
        try run.advance()
        run.parameters.weights.update(repeating: 1e30, count: run.parameters.span)
        let before = numbers(run)
        #expect(throws: TrainingError.self) { try run.advance() }
        #expect(numbers(run) == before)
        #expect(run.progress.step == 1)
    }

    @Test func trainingEndsWhenPatienceDoes() throws {
        let run = try run(
            options {
                $0.patience = 2; $0.epochs = 10
            })
        for (index, value) in [1.0, 3, 2].enumerated() {
            run.progress.curve.append(.init(epoch: index + 1, training: 0, validation: value))
        }
        #expect(run.progress.best?.epoch == 2)
        #expect(!run.isOver && !run.progress.hasImproved)
        run.progress.curve.append(.init(epoch: 4, training: 0, validation: 2.5))
        #expect(run.isOver)
        run.progress.curve.append(.init(epoch: 5, training: 0, validation: 4))
        #expect(!run.isOver && run.progress.hasImproved)
    }

    @Test func withoutHeldOutImagesTheLastEpochIsTheBest() throws {
        let run = try run(
            options {
                $0.validation = 0; $0.epochs = 2
            })
        try train(run)
        #expect(run.progress.best?.epoch == 2)
        #expect(run.progress.curve.allSatisfy { $0.validation == nil })
        #expect(run.split.training.count == Self.images.count)
    }

    /// The file is one that serves, and gives the likelihood that training says.
    @Test func theModelsFileServes() throws {
        let run = try run(options { $0.epochs = 2 })
        try train(run)
        try withPath { path in
            try run.writeModel(to: path, precision: .float32, metadata: ["name": "bars"])
            let checkpoint = try Checkpoint(contentsOf: path)
            #expect(checkpoint.metadata["name"] == "bars")
            #expect(checkpoint.metadata["rows"] == "4" && checkpoint.metadata["columns"] == "5")
            #expect(checkpoint[NICEArchitecture.trainingFactorName]?.count == 210)
            let model = try NICE(checkpoint, precision: .float32)
            #expect(model.trainingMean?.count == 20)
            let workspace = try model.makeWorkspace()
            let image = (0..<20).map { Float(Self.images.bytes[$0]) / 256 + 0.001 }
            model.evaluate(image, in: workspace)
            var values = [0.0]
            run.flow.evaluate(
                image, shown: ShownImages(seed: 0, epoch: nil, numbers: [0]), parameters: run.parameters.best,
                into: &values, on: run.pool)
            #expect(abs(workspace.logPrior + model.logAbsDetJacobian - values[0]) < 1e-3)
            try run.readModel(from: path)
            #expect(numbers(run)[0] == numbers(run)[3])
        }
    }
}
