import Foundation
import Testing

import Training

@Suite struct BatchMakerTests {
    private let images = ImageSet(
        rows: 4, columns: 6, bytes: (0..<24 * 50).map { UInt8(truncatingIfNeeded: $0 * 89) })

    private func batch(
        _ numbers: [Int], _ showing: BatchMaker.Showing, augmentation: Augmentation = Augmentation(),
        noise: Double = 0, seed: UInt64 = 1, threads: Int = 1
    ) throws -> [Float] {
        let maker = BatchMaker(images: images, augmentation: augmentation, noise: noise, seed: seed)
        var batch = [Float](repeating: -1, count: numbers.count * images.dimension)
        maker.fill(&batch, with: numbers[...], showing, on: try ThreadPool(threads: threads))
        return batch
    }

    @Test func dequantizedPixelsAreUniformOnTheirGreyLevel() throws {
        let numbers = Array(0..<50), x = try batch(numbers, .training(epoch: 3))
        var sum = 0.0, squares = 0.0
        for (pixel, byte) in zip(x, images.bytes) {
            let u = Double(pixel) * 256 - Double(byte)
            #expect(u >= 0 && u <= 1)
            sum += u - 0.5
            squares += (u - 0.5) * (u - 0.5)
        }
        let n = Double(x.count)
        // Within five standard errors of the uniform distribution's mean and variance.
        #expect(abs(sum / n) < 5 * (1 / 12 / n).squareRoot())
        #expect(abs(squares / n - 1.0 / 12) < 5 * (1 / 180 / n).squareRoot())
    }

    @Test func noiseBelongsToTheImageAndTheEpoch() throws {
        let together = try batch([3, 7, 9], .training(epoch: 0), threads: 3)
        #expect(try batch([7], .training(epoch: 0)) == Array(together[24..<48]))
        #expect(try batch([7], .training(epoch: 1)) != Array(together[24..<48]))
        #expect(try batch([7], .training(epoch: 0), seed: 2) != Array(together[24..<48]))
        #expect(try batch([7], .evaluation) == batch([7], .evaluation))
    }

    @Test func addedNoiseIsNormalWithTheDeviationAskedForAndBelongsToTheImage() throws {
        let numbers = Array(0..<50), clean = try batch(numbers, .training(epoch: 3))
        let noisy = try batch(numbers, .training(epoch: 3), noise: 0.2, threads: 3)
        let z = zip(noisy, clean).map { (Double($0) - Double($1)) / 0.2 }, n = Double(z.count)
        // Within five standard errors of the normal distribution's moments.
        #expect(abs(z.reduce(0, +) / n) < 5 / n.squareRoot())
        #expect(abs(z.reduce(0) { $0 + $1 * $1 } / n - 1) < 5 * (2 / n).squareRoot())
        #expect(abs(z.reduce(0) { $0 + $1 * $1 * $1 * $1 } / n - 3) < 5 * (96 / n).squareRoot())
        #expect(try batch([7], .training(epoch: 3), noise: 0.2) == Array(noisy[7 * 24..<8 * 24]))
        #expect(try batch([7], .training(epoch: 4), noise: 0.2) != Array(noisy[7 * 24..<8 * 24]))
        #expect(try batch([7], .evaluation, noise: 0.2) == batch([7], .evaluation, noise: 0.2))
    }

    @Test func whatIsEvaluatedIsNotMoved() throws {
        let moved = Augmentation(shift: 2, rotation: 30)
        #expect(try batch([5], .evaluation, augmentation: moved) == batch([5], .evaluation))
        #expect(try batch([5], .training(epoch: 0), augmentation: moved) != batch([5], .training(epoch: 0)))
    }
}

@Suite struct AugmentationTests {
    private func move(
        _ source: [UInt8], rows: Int, columns: Int, _ augmentation: Augmentation, _ words: SIMD4<UInt32>
    ) -> [UInt8] {
        var target = [UInt8](repeating: 0, count: source.count)
        augmentation.move(source, rows: rows, columns: columns, by: words, into: &target)
        return target
    }

    @Test func aShiftMovesWholePixelsAndGoesOnAtTheEdge() {
        let source: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8, 9]
        let shift = Augmentation(shift: 1)
        // The first two words choose down and right among −1, 0, 1.
        let middle: UInt32 = 1 << 31, low: UInt32 = 0, high = UInt32.max
        #expect(move(source, rows: 3, columns: 3, shift, [middle, middle, 0, 0]) == source)
        #expect(move(source, rows: 3, columns: 3, shift, [high, middle, 0, 0]) == [1, 2, 3, 1, 2, 3, 4, 5, 6])
        #expect(move(source, rows: 3, columns: 3, shift, [middle, low, 0, 0]) == [2, 3, 3, 5, 6, 6, 8, 9, 9])
    }

    @Test func everyShiftIsAsLikely() {
        var source = [UInt8](repeating: 0, count: 81), counts = [Int](repeating: 0, count: 81)
        source[40] = 255
        for k: UInt32 in 0..<5 {
            for l: UInt32 in 0..<5 {
                let words = SIMD4<UInt32>(k * (UInt32.max / 5) + 1000, l * (UInt32.max / 5) + 1000, 0, 0)
                let found = move(source, rows: 9, columns: 9, Augmentation(shift: 2), words)
                if let place = found.firstIndex(of: 255) { counts[place] += 1 }
            }
        }
        for row in 0..<9 {
            for column in 0..<9 {
                let isReached = (2...6).contains(row) && (2...6).contains(column)
                #expect(counts[row * 9 + column] == (isReached ? 1 : 0))
            }
        }
    }

    @Test func aTurnByARightAngleIsExact() {
        let source: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8, 9]
        let quarter = Augmentation(rotation: 90)
        let turned = move(source, rows: 3, columns: 3, quarter, [1 << 31, 1 << 31, .max, 0])
        #expect(turned == [7, 4, 1, 8, 5, 2, 9, 6, 3] || turned == [3, 6, 9, 2, 5, 8, 1, 4, 7])
        let still = move(source, rows: 3, columns: 3, quarter, [1 << 31, 1 << 31, 1 << 31, 0])
        #expect(still == source)
    }

    @Test func onlyTheShareIsMoved() {
        let source: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8, 9]
        let half = Augmentation(shift: 1, share: 0.5)
        #expect(move(source, rows: 3, columns: 3, half, [.max, .max, 0, 0]) != source)
        #expect(move(source, rows: 3, columns: 3, half, [.max, .max, 0, .max]) == source)
    }
}

@Suite struct DataSplitTests {
    @Test func noImageIsInBothAndEachInOne() {
        let split = DataSplit(of: 1000, validation: 0.1)
        #expect(split.validation.count == 100)
        #expect((split.training + split.validation).sorted() == Array(0..<1000))
        #expect(split == DataSplit(of: 1000, validation: 0.1))
    }

    @Test func somethingIsLeftToLearnFrom() {
        #expect(DataSplit(of: 1, validation: 0.9).training == [0])
        #expect(DataSplit(of: 5, validation: 0).validation.isEmpty)
    }
}

@Suite struct ImageStatisticsTests {
    private let images = ImageSet(
        rows: 3, columns: 4, bytes: (0..<12 * 40).map { (i: Int) in UInt8(truncatingIfNeeded: i * i / 7 + 3 * i) })

    @Test func deviationsAreThoseOfTheDequantizedPixels() {
        let constant = ImageSet(rows: 1, columns: 2, bytes: [9, 0, 9, 255])
        let deviations = constant.deviations(over: [0, 1])
        #expect(abs(deviations[0] - (1.0 / 12).squareRoot() / 256) < 1e-12)
        #expect(abs(deviations[1] - (127.5 * 127.5 + 1.0 / 12).squareRoot() / 256) < 1e-12)
    }

    @Test func theFactorTimesItselfIsTheCovariance() throws {
        let numbers = Array(0..<40), pool = try ThreadPool(threads: 1)
        let factor = try #require(ImageCovariance.factor(of: images, over: numbers, on: pool))
        #expect(factor.count == 12 * 13 / 2)
        let means = images.means(over: numbers)
        func l(_ i: Int, _ j: Int) -> Double { Double(factor[i * (i + 1) / 2 + j]) }
        for i in 0..<12 {
            for j in 0...i {
                let product = (0...j).reduce(0.0) { $0 + l(i, $1) * l(j, $1) }
                var covariance = numbers.reduce(0.0) { sum, image in
                    sum + (Double(images.bytes[image * 12 + i]) - means[i])
                        * (Double(images.bytes[image * 12 + j]) - means[j])
                }
                covariance /= 40 * 65536
                if i == j { covariance += 1.0 / 12 / 65536 }
                #expect(abs(product - covariance) < 1e-6)
            }
        }
    }
}
