import API
import Testing

@Suite struct GrayscaleImageLabelTests {
    private let picture = GrayscaleImage(
        size: PNG.Size(width: 28, height: 2), samples: (0..<56).map { Double($0) / 56 },
        known: (0..<56).map { $0 % 3 > 0 })

    @Test(arguments: ["HOLE", "RESULT", "TRUTH", ""]) func thePictureStandsUnchangedBelowABand(text: String) {
        let labelled = picture.labelled(text)
        #expect(labelled.size == PNG.Size(width: 28, height: 9))
        #expect(Array(labelled.samples.suffix(56)) == picture.samples)
        #expect(Array(labelled.known.suffix(56)) == picture.known)
        let band = labelled.samples.dropLast(56)
        #expect(band.allSatisfy { $0 == 0 || $0 == 1 } && labelled.known.dropLast(56).allSatisfy(\.self))
        #expect(band.contains(1) == !text.isEmpty)
        // A black frame around the letters.
        #expect(band.prefix(28).allSatisfy { $0 == 0 } && band.suffix(28).allSatisfy { $0 == 0 })
    }

    @Test func lettersAreDrawnWhereTheyStand() {
        let band = picture.labelled("LO").samples
        let rows = (1..<6).map { row in (0..<9).map { band[row * 28 + $0] == 1 ? "#" : "." }.joined() }
        #expect(rows == [".#...###.", ".#...#.#.", ".#...#.#.", ".#...#.#.", ".###.###."])
    }

    @Test func aTextThatDoesNotFitIsLeftOut() {
        let narrow = GrayscaleImage(size: PNG.Size(width: 4, height: 1), samples: [1, 1, 1, 1])
        #expect(narrow.labelled("HOLE").samples.dropLast(4).allSatisfy { $0 == 0 })
    }
}
