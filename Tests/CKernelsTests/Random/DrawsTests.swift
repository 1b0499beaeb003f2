import CKernels
import Testing

@Suite struct DrawsTests {
    private let seed: UInt64 = 20_240_607, stream: UInt64 = 3

    private func draw(_ fill: Fill, _ range: Range<Int>, on set: ck_instruction_set = ck_selected(), seed: UInt64? = nil, stream: UInt64? = nil) -> [Double] {
        var out = [Double](repeating: .nan, count: range.count)
        fill(set, seed ?? self.seed, stream ?? self.stream, UInt64(range.lowerBound), range.count, &out)
        return out
    }

    @Test func blocksInBulkAreTheBlocksOneByOne() {
        for set in availableInstructionSets {
            for (first, count) in [(0, 0), (0, 1), (5, 7), (0xffff_fffb, 40), (123, 64)] as [(UInt64, Int)] {
                var bulk = [UInt32](repeating: 0, count: 4 * count)
                ck_philox_fill(set, seed << 30, stream << 33, first, count, &bulk)
                var single = [UInt32]()
                for i in 0..<count {
                    var words = [UInt32](repeating: 0, count: 4)
                    ck_philox(seed << 30, stream << 33, first + UInt64(i), &words)
                    single += words
                }
                #expect(bulk == single)
            }
        }
    }

    @Test(arguments: fills.keys.sorted())
    func aDrawDependsOnSeedStreamAndIndexAlone(distribution: String) throws {
        let fill = try #require(fills[distribution])
        let whole = draw(fill, 0..<300, on: CK_PLAIN)
        for set in availableInstructionSets {
            #expect(draw(fill, 0..<300, on: set).bits == whole.bits)
            for start in 0..<40 {
                for count in [0, 1, 2, 3, 15, 16, 17, 33] {
                    #expect(draw(fill, start..<start + count, on: set).bits == Array(whole[start..<start + count]).bits)
                }
            }
        }
        #expect(draw(fill, 0..<300, seed: seed + 1).bits != whole.bits)
        #expect(draw(fill, 0..<300, stream: stream + 1).bits != whole.bits)
        // Past 2^32 the upper halves of the counter take part.
        let far = Int(1) << 33
        #expect(draw(fill, far - 3..<far + 40).bits == draw(fill, far - 3..<far + 40, on: CK_PLAIN).bits)
        #expect(draw(fill, far..<far + 8).bits != Array(whole.prefix(8)).bits)
    }

    @Test(arguments: fills.keys.sorted())
    func nothingIsWrittenPastTheEnd(distribution: String) throws {
        let fill = try #require(fills[distribution])
        for set in availableInstructionSets {
            for first in 0..<2 {
                for count in 0..<40 {
                    var out = [Double](repeating: -7.25, count: count + 20)
                    fill(set, seed, stream, UInt64(first), count, &out)
                    #expect(out[count...].allSatisfy { $0 == -7.25 })
                }
            }
        }
    }

    /// The definitions, from the words themselves.
    @Test func drawsAreTheStatedFunctionsOfTheirWords() {
        let n = 4000
        let u = draw(ck_uniform, 0..<n), z = draw(ck_normal, 0..<n)
        let logistic = draw(ck_logistic, 0..<n), exponential = draw(ck_exponential, 0..<n)
        for block in 0..<n / 2 {
            var w = [UInt32](repeating: 0, count: 4)
            ck_philox(seed, stream, UInt64(block), &w)
            let low = UInt64(w[0]) | UInt64(w[1]) << 32, high = UInt64(w[2]) | UInt64(w[3]) << 32
            for (i, bits) in [(2 * block, low), (2 * block + 1, high)] {
                #expect(u[i] == (Double(bits >> 12) + 0.5) * 0x1p-52)
                #expect(abs(exponential[i] + ck_log1(u[i])) <= exponential[i].ulp)
                #expect(abs(logistic[i] - (ck_log1(u[i]) - ck_log1p_1(-u[i]))) <= 4 * max(logistic[i].magnitude, 1).ulp)
            }
            let radius = (-2 * ck_log1(Double(low | 1) * 0x1p-64)).squareRoot()
            let angle = 2 * Double.pi * u[2 * block + 1]
            // The angle counts from −½ turn, and rounds here as it does not there.
            #expect(abs(z[2 * block] + radius * ck_cos1(angle)) <= radius * 0x1p-49)
            #expect(abs(z[2 * block + 1] + radius * ck_sin1(angle)) <= radius * 0x1p-49)
        }
    }

    /// Mean, variance, skewness and excess kurtosis, each within 5 of its standard errors.
    @Test(arguments: [
        ("uniform", 0.5, 1 / 12.0, 0.0, -1.2), ("normal", 0, 1, 0, 0),
        ("logistic", 0, Double.pi * Double.pi / 3, 0, 1.2), ("exponential", 1, 1, 2, 6),
    ] as [(String, Double, Double, Double, Double)])
    func momentsAreThoseOfTheDistribution(name: String, mean: Double, variance: Double, skewness: Double, kurtosis: Double) throws {
        let n = 1 << 20, batches = 64
        let x = draw(try #require(fills[name]), 0..<n).map { ($0 - mean) / variance.squareRoot() }
        for (power, expected) in [(1, 0), (2, 1), (3, skewness), (4, kurtosis + 3)] {
            // The standard error from the spread of 64 batches: no moment of order 8 needed.
            let means = (0..<batches).map { b in
                x[b * n / batches..<(b + 1) * n / batches].reduce(0) { sum, v in
                    sum + (0..<power).reduce(1) { p, _ in p * v }
                } / Double(n / batches)
            }
            let average = means.reduce(0, +) / Double(batches)
            let spread = means.reduce(0) { $0 + ($1 - average) * ($1 - average) } / Double(batches * (batches - 1))
            #expect(abs(average - expected) <= 5 * spread.squareRoot(), "moment \(power): \(average)")
        }
    }

    @Test func neighbouringDrawsAreUncorrelated() throws {
        let n = 1 << 20
        let z = draw(ck_normal, 0..<n)
        let squares = z.map { $0 * $0 - 1 }
        for lag in 1...4 {
            for (x, deviation) in [(z, 1.0), (squares, 2.0)] {
                let sum = (0..<n - lag).reduce(0) { $0 + x[$1] * x[$1 + lag] }
                #expect(abs(sum) <= 5 * deviation * Double(n - lag).squareRoot(), "lag \(lag)")
            }
        }
    }

    /// Beyond 4 standard deviations, counted against the exact share: 5 standard errors.
    @Test func normalTailsHoldTheirShare() {
        let n = 1 << 22
        var beyond = (low: 0, high: 0)
        for z in draw(ck_normal, 0..<n) {
            if z < -4 { beyond.low += 1 }
            if z > 4 { beyond.high += 1 }
        }
        let expected = ck_normal_cdf1(-4) * Double(n)
        #expect(abs(Double(beyond.low) - expected) <= 5 * expected.squareRoot())
        #expect(abs(Double(beyond.high) - expected) <= 5 * expected.squareRoot())
    }
}
