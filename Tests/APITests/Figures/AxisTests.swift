import API
import Testing

@Suite struct AxisTests {
    @Test(arguments: [
        (0.0, 1.0), (-0.07, 0.53), (0.53, 1.06), (-3, 1200), (1e-7, 3e-7), (5, 5.004),
        (-3e7, 1.2e8), (1e16, 1e16 + 1e7), (-1e16 - 1e7, -1e16), (0, 1e300), (-1e308, 1e308 * 0.7), (1e-280, 3e-280),
    ])
    func ticksAreRoundEvenAndFew(low: Double, high: Double) throws {
        let axis = Axis(range: low...high, pixels: (0, 100), label: "")
        let ticks = axis.ticks()
        #expect((3...8).contains(ticks.values.count), "\(ticks)")
        let labels = ticks.values.map(ticks.text)
        #expect(Set(labels).count == labels.count, "\(labels)")
        for (tick, label) in zip(ticks.values, labels) {
            #expect(axis.range.contains(tick))
            #expect(label.count <= 9, "\(label) fits beside the axis")
            let read = try #require(Double(label.replacing("−", with: "-")))
            let unit = Double("1e\(ticks.exponent)") ?? .nan
            #expect(abs(read * unit + ticks.offset - tick) <= 1e-9 * (high - low))
        }
    }

    @Test(arguments: [
        (0.0, 0, "0"), (-0.0, 1, "0.0"), (1.5, 1, "1.5"), (-1.25, 2, "−1.25"), (0.05, 2, "0.05"),
        (999.6, 0, "1000"), (-0.001, 2, "0.00"), (12, 3, "12.000"),
    ]) func decimalsAreWrittenAsAPersonWould(value: Double, decimals: Int, text: String) {
        #expect(decimal(value, decimals) == text)
    }

    /// Whatever two numbers a range is between, the axis has a bounded number of ticks on it.
    @Test func extremeRangesHaveFewTicksOrNone() {
        let ends = [
            0, 5e-324, 2.2e-308, 1e-300, 1, 1.0.nextUp, 9007199254740993, 5e15, 1e16, 1e16.nextUp,
            1e300, 1e300.nextUp, .greatestFiniteMagnitude,
        ]
        let all = ends + ends.map { -$0 }
        for low in all {
            for high in all where low <= high {
                let axis = Axis(range: low...high, pixels: (0, 100), label: "")
                let ticks = axis.ticks()
                #expect(ticks.values.count <= 101, "\(low)...\(high)")
                for tick in ticks.values { #expect(axis.range.contains(tick), "\(tick) in \(low)...\(high)") }
            }
        }
    }

    @Test(arguments: [
        [0.0], [1e16], [5e15, 5e15 + 1], [-1.7e308, 1.7e308], [.infinity, 1], [.nan], [], [5e-324, 0],
    ]) func framingsAreFiniteAndHaveAnInside(values: [Double]) {
        let range = framing(values, least: 0.2)
        #expect(range.lowerBound.isFinite && range.upperBound.isFinite)
        #expect(range.upperBound - range.lowerBound >= 0.2)
        for value in values where abs(value) <= 1e300 { #expect(range.contains(value)) }
        #expect(!Axis(range: range, pixels: (0, 100), label: "").ticks().values.isEmpty)
    }
}
