import ArgumentParser
import Riviera
import Testing
import Training

@Suite struct TrainingOptionGroupTests {
    @Test func withoutOptionsTheDefaultsAreTheTrainers() throws {
        var options = TrainingOptions()
        #expect(try TrainingOptionGroup.parse([]).options == options)
        options.epochs = 3
        options.augmentation = Augmentation(shift: 2, rotation: 7.5, share: 0.5)
        options.weightDecay = 0.1
        options.noise = 0.2
        #expect(
            try TrainingOptionGroup.parse([
                "--epochs", "3", "--shift", "2", "--rotate", "7.5", "--moved", "0.5", "--weight-decay", "0.1",
                "--noise", "0.2",
            ]).options == options)
    }

    @Test(arguments: [
        "--epochs 0", "--batch 0", "--learning-rate 0", "--learning-rate nan", "--dropout 1", "--average 1",
        "--validation 1", "--validation -0.1", "--rotate inf", "--clip 0", "--seed -1", "--shift -1", "--noise -0.1",
        "--noise nan",
        "--weight-decay 100 --learning-rate 1", "--epochs 99999999999999999999",
    ])
    func whatIsOutOfRangeIsRefused(text: String) {
        #expect(throws: (any Error).self) {
            try TrainingOptionGroup.parse(text.split(separator: " ").map(String.init))
        }
    }

    @Test(arguments: [
        "--bins 3", "--coupling spline", "--block 2", "--features 3", "--scale linear", "--bound 2", "--conditional",
        "--regression-weight 1", "--blocks 2", "--flow convolutional --hidden 7", "--flow convolutional --bins 3",
        "--flow convolutional --first-transformed odd", "--flow convolutional --features 3",
    ])
    func whatAModelHasNoUseForIsRefusedByName(text: String) throws {
        let words = text.split(separator: " ").map(String.init)
        let culprit = try #require(words.last { $0.hasPrefix("--") })
        let options = try ArchitectureOptions.parse(words)
        let error = #expect(throws: ValidationError.self) { try options.refuse(isOfPatches: false) }
        #expect(error?.message.hasPrefix(culprit) == true, "\(String(describing: error))")
    }

    @Test(arguments: [
        "", "--hidden 7", "--flow convolutional --block 2 --scale linear",
        "--flow convolutional --coupling spline --bins 3",
        "--flow convolutional --conditional --features 3 --blocks 2 --regression-weight 1",
    ])
    func whatAModelHasUseForIsTaken(text: String) throws {
        try ArchitectureOptions.parse(text.split(separator: " ").map(String.init)).refuse(isOfPatches: false)
    }

    @Test func aModelThatTheMachineHasNoMemoryForIsRefused() throws {
        let images = ImageSet(rows: 2, columns: 2, bytes: [1, 2, 3, 4])
        let large = try ArchitectureOptions.parse(["--width", "65536", "--hidden", "64", "--couplings", "64"])
        #expect(throws: ValidationError.self) {
            try large.trainable(for: images, batch: 8, threads: 1, memory: 16_000_000_000)
        }
        let small = try ArchitectureOptions.parse(["--width", "8", "--hidden", "2", "--couplings", "3"])
        #expect(try small.trainable(for: images, batch: 8, threads: 1, memory: 1_000_000).parameterSpan > 0)
        let odd = ImageSet(rows: 1, columns: 3, bytes: [1, 2, 3])
        #expect(throws: ValidationError.self) { try small.trainable(for: odd, batch: 8, threads: 1, memory: 1_000_000) }
    }
}
