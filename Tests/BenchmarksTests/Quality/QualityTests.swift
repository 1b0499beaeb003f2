import API
import Benchmarks
import Testing

@Suite struct QualityMethodTests {
    @Test func namesAreRead() throws {
        let standard = try #require(QualityMethod("projected_gradient"))
        #expect(standard.move == .projectedGradient)
        #expect(standard.start == .conditionalMean)
        #expect(standard.iterations == 300)
        let other = try #require(QualityMethod("adam:noise@17"))
        #expect(other.move == .adam)
        #expect(other.start == .noise)
        #expect(other.iterations == 17)
        #expect(other.description == "adam:noise@17")
        let start = try #require(QualityMethod("mean"))
        #expect(start.move == .none)
        #expect(start.start == .mean)
        #expect(!standard.isConditional && !start.isConditional)
        for (name, draws) in [("conditional", 64), ("conditional@1", 1), ("conditional@300", 300)] {
            let method = try #require(QualityMethod(name))
            #expect(method.move == .conditional && method.iterations == draws && method.isConditional)
        }
        #expect(QualityMethod("adam:draw")?.isConditional == true)
    }

    @Test(arguments: [
        "", ":", "@", "magic", "projected_gradient:", "projected_gradient:truth", "projected_gradient@", "adam@0",
        "adam@10001",
        "adam@x", "conditional:mean", "conditional@0", "start", "start:mean", "mean:mean", "mean@7", "adam:mean:mean",
        "adam@99999999999999999999",
    ])
    func othersAreNot(text: String) { #expect(QualityMethod(text) == nil) }
}

@Suite struct QualityMaskTests {
    @Test func namedMasksHideWhatTheirNamesSay() throws {
        let missing = ["box": 7 * 15, "centre": 14 * 14, "top": 14 * 28, "random50": 392, "random80": 627]
        for name in QualityMask.names {
            let mask = try #require(QualityMask.named(name, rows: 28, columns: 28, seed: 0))
            for image in [0, 1, 99] { #expect(mask.known(image).count { !$0 } == missing[name]) }
        }
        let box = try #require(QualityMask.named("box", rows: 28, columns: 28, seed: 0)).known(3)
        for k in 0..<784 { #expect(box[k] == !((5..<12).contains(k / 28) && (5..<20).contains(k % 28))) }
        #expect(QualityMask.named("bottom", rows: 28, columns: 28, seed: 0) == nil)
    }

    @Test func randomMasksAreThoseOfTheirSeedAndImage() throws {
        func known(_ image: Int, seed: UInt64) throws -> [Bool] {
            try #require(QualityMask.named("random50", rows: 28, columns: 28, seed: seed)).known(image)
        }
        #expect(try known(4, seed: 1) == known(4, seed: 1))
        #expect(try known(4, seed: 1) != known(5, seed: 1))
        #expect(try known(4, seed: 1) != known(4, seed: 2))
    }

    /// As far as so few pixels allow.
    @Test func smallImagesHaveMasksToo() throws {
        for name in QualityMask.names {
            let mask = try #require(QualityMask.named(name, rows: 8, columns: 6, seed: 0))
            #expect((1..<48).contains(mask.known(0).count { !$0 }))
        }
    }
}

@Suite struct QualityScoreTests {
    private func image(_ seed: Int) -> [Double] { (0..<81).map { Double(($0 * 37 + seed * 11) % 256) / 255 } }

    @Test func theRatioIsOverTheMissingPixelsAlone() {
        let truth = image(1), known = (0..<81).map { $0 >= 10 }
        var other = truth
        for k in 0..<10 { other[k] += 0.1 }
        for k in 10..<81 { other[k] += 0.7 }
        #expect((QualityScore.psnr(of: other, truth: truth, known: known) - 20).magnitude < 1e-9)
        #expect(QualityScore.psnr(of: truth, truth: truth, known: known) == .infinity)
    }

    /// From scikit-image 0.26's `structural_similarity(x, y, data_range=1)` of these two images.
    @Test func theSimilarityIsScikitImages() throws {
        let found = try #require(QualityScore.ssim(image(1), image(5), columns: 9))
        #expect((found - 0.13310550885343084).magnitude < 1e-9)
        #expect(QualityScore.ssim(image(1), image(1), columns: 9) == 1)
        #expect(QualityScore.ssim(Array(image(1)[..<54]), Array(image(5)[..<54]), columns: 9) == nil)
    }
}

@Suite struct QualityTableTests {
    private let columns = ["box", "top"].flatMap { mask in
        ["a", "b,c"].enumerated().map { number, method in
            QualityColumn(
                model: "m", mask: mask, method: method, filled: [[0], [1]],
                scores: [
                    QualityScore(psnr: 10 + Double(number), ssim: 0.5, logLikelihood: 100),
                    QualityScore(psnr: number == 0 ? .infinity : 13, ssim: nil, logLikelihood: 200),
                ])
        }
    }

    @Test func aRowAMaskAColumnAMethodTheBestInBold() {
        let table = QualityTable(columns).markdown(.psnr)
        #expect(
            table == """
                | mask |     a |              b,c |
                |------|------:|-----------------:|
                | box  | 10.00 | **12.00** ± 1.00 |
                | top  | 10.00 | **12.00** ± 1.00 |

                """)
    }

    @Test func aLineAnImage() {
        let lines = QualityTable(columns).csv.split(separator: "\n")
        #expect(lines.count == 9)
        #expect(lines[0] == "model,mask,method,image,psnr,ssim,log_likelihood")
        #expect(lines[2] == "m,box,a,1,,,200.0")
        #expect(lines[3] == "m,box,\"b,c\",0,11.0,0.5,100.0")
    }
}
