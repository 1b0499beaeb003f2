import Benchmarks
import Testing

@Suite struct PhotographMaskTests {
    @Test(arguments: PhotographMask.allCases) func masksDamageAsMuchAsTheyAreSaidTo(mask: PhotographMask) {
        let shares: [PhotographMask: ClosedRange<Double>] = [
            .text: 0.12...0.16, .scratches: 0.05...0.1, .random50: 0.5...0.5, .random80: 0.7999...0.8,
            .blocks: 0.015...0.022,
        ]
        var sum = 0.0
        for picture in 0..<8 {
            sum += Double(mask.missing(rows: 512, columns: 512, picture: picture, seed: 0).count { $0 }) / 262_144
        }
        #expect(shares[mask]?.contains(sum / 8) == true, "\(mask): \(sum / 8)")
    }

    @Test(arguments: PhotographMask.allCases, [(1, 1), (3, 200), (200, 3)])
    func masksFitPicturesOfAnySize(mask: PhotographMask, size: (rows: Int, columns: Int)) {
        let missing = mask.missing(rows: size.rows, columns: size.columns, picture: 0, seed: 1)
        #expect(missing.count == size.rows * size.columns)
        #expect(missing == mask.missing(rows: size.rows, columns: size.columns, picture: 0, seed: 1))
    }
}
