import Statistics
import Testing

@Suite struct DistributionFamilyTests {
    @Test(arguments: DistributionFamily.allCases)
    func everyFamilyNamesWhatIsWrong(_ family: DistributionFamily) {
        let parameters = family.parameters
        for i in parameters.indices where parameters[i].defaultValue == nil {
            #expect { try family.distribution(Array([1.0, 2, 3, 4].prefix(i))) } throws: {
                ($0 as? InvalidParameter)?.parameter == parameters[i].name
            }
        }
        for bad in [Double.nan, .infinity] {
            for i in parameters.indices {
                var values = parameters.indices.map { Double($0 + 1) }
                values[i] = bad
                #expect { try family.distribution(values) } throws: {
                    ($0 as? InvalidParameter)?.parameter == parameters[i].name
                }
            }
        }
        for i in parameters.indices where parameters[i].isPositive {
            for bad in [0.0, -1] {
                var values = parameters.indices.map { Double($0 + 1) }
                values[i] = bad
                #expect { try family.distribution(values) } throws: {
                    ($0 as? InvalidParameter)?.parameter == parameters[i].name
                }
            }
        }
        #expect(throws: InvalidParameter.self) { try family.distribution([1, 2, 3, 4, 5]) }
    }

    @Test(arguments: [
        (DistributionFamily.uniform, [2.0, 2.0], "max"), (.uniform, [-1e308, 1e308], "max"),
        (.triangular, [0, 5, 4], "mode"),
        (.triangular, [3, 3, 3], "max"), (.beta, [1, 1, 2, 1], "max"), (.lognormal, [1e200, 1e-200], "std"),
        (.exponential, [Double.leastNonzeroMagnitude], "rate"), (.gamma, [1e9, 1], "shape"),
        (.studentT, [1e-9], "degrees_of_freedom"),
    ])
    func parametersMustGoTogether(_ family: DistributionFamily, _ values: [Double], _ culprit: String) {
        #expect { try family.distribution(values) } throws: { ($0 as? InvalidParameter)?.parameter == culprit }
    }

    /// Whatever is accepted gives numbers for every draw.
    @Test(arguments: DistributionFamily.allCases)
    func extremeParametersGiveNumbersOrAnError(_ family: DistributionFamily) {
        let extremes = [-1e308, -1, 0, Double.leastNonzeroMagnitude, 1e-300, 1e-3, 1, 1e3, 1e300, 1.7e308]
        for a in extremes {
            for b in extremes {
                let values = Array([a, b, b * 2].prefix(max(family.parameters.count { $0.defaultValue == nil }, 1)))
                guard let distribution = try? family.distribution(values) else { continue }
                for u in [-9.0, -1, 0, 1, 9] { #expect(!distribution.transformed(u).isNaN, "\(values) \(u)") }
            }
        }
    }
}
