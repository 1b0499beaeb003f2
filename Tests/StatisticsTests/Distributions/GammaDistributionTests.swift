import Statistics
import Testing

@Suite struct GammaDistributionTests {
    /// Shape, probability and quantile, found at 40 digits with mpmath.
    @Test func quantilesAgreeWithThoseOfFortyDigits() {
        let known: [(Double, Double, Double)] = [
            (0.3, 1e-6, 6.9726990964093614543e-21),
            (0.3, 0.025, 3.1856790317391670163e-6),
            (0.3, 0.5, 0.073131135866951902676),
            (0.3, 0.975, 1.9002636428388260349),
            (0.3, 0.999999, 10.98483563213578019),
            (1, 1e-6, 1.0000005000003333336e-6),
            (1, 0.025, 0.025317807984289875404),
            (1, 0.5, 0.69314718055994530942),
            (1, 0.975, 3.6888794541139363029),
            (1, 0.999999, 13.815510557964274104),
            (2.5, 1e-6, 0.0064480801032485482989),
            (2.5, 0.025, 0.4156058067433312089),
            (2.5, 0.5, 2.1757300955477636586),
            (2.5, 0.975, 6.4162509970150141109),
            (2.5, 0.999999, 17.944093439836435182),
            (40, 1e-6, 16.753150234308063225),
            (40, 0.025, 28.576586441788962741),
            (40, 0.5, 39.667165010689099365),
            (40, 0.975, 53.314283865832858564),
            (40, 0.999999, 77.540261154085287667),
            (999, 1e-6, 855.8897936070473257),
            (999, 0.025, 938.00401856176761548),
            (999, 0.5, 998.66668644675248785),
            (999, 0.975, 1061.8901509343821971),
            (999, 0.999999, 1156.5027645442750684),
            (1001, 1e-6, 857.7395464777528367),
            (1001, 0.025, 939.94203375244146804),
            (1001, 0.5, 1000.6666864072174258),
            (1001, 0.975, 1063.9521360163019803),
            (1001, 0.999999, 1158.6530199392955321),
            (100000, 1e-6, 98504.027065097716521),
            (100000, 0.025, 99381.152663744730583),
            (100000, 0.5, 99999.666666864198252),
            (100000, 0.975, 100620.74164077373644),
            (100000, 0.999999, 101510.3695886810186),
        ]
        for (shape, probability, quantile) in known {
            let found = GammaDistribution(shape: shape).quantile(probability)
            #expect((found / quantile - 1).magnitude < 1e-9, "shape \(shape), probability \(probability)")
        }
    }

    @Test func quantileInvertsCumulative() {
        for shape in [0.05, 0.5, 1, 3, 17.5, 300, 900] {
            let gamma = GammaDistribution(shape: shape)
            for probability in [1e-4, 0.025, 0.3, 0.5, 0.9, 0.995] {
                let back = gamma.cumulative(gamma.quantile(probability))
                #expect((back / probability - 1).magnitude < 1e-10, "shape \(shape)")
            }
        }
    }

    @Test func shapeOneIsExponential() {
        let gamma = GammaDistribution(shape: 1)
        for x in [1e-10, 0.1, 1, 5, 30] {
            #expect((gamma.cumulative(x) + ElementaryFunction.expm1(-x)).magnitude < 1e-14)
        }
    }
}
