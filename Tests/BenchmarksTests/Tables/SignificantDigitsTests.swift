import Benchmarks
import Testing

@Suite struct SignificantDigitsTests {
    @Test(
        arguments: [
            (0, "0"), (1, "1.00"), (-1, "-1.00"), (9.994, "9.99"), (9.996, "10.0"), (12.34, "12.3"), (123.4, "123"),
            (47_666, "47666"), (999_999, "1.00e6"), (2.2e10, "2.20e10"), (0.0123, "0.0123"), (1e-4, "0.000100"),
            (2.394e-6, "2.39e-6"), (9.999e-6, "1.00e-5"), (.infinity, "–"), (.nan, "–"),
        ] as [(Double, String)])
    func threeDigitsAreKept(value: Double, text: String) {
        #expect(value.threeDigits == text)
    }

    @Test(arguments: [1e300, -1e300, 5e-324, .greatestFiniteMagnitude]) func extremesAreText(value: Double) {
        #expect(!value.threeDigits.isEmpty && !value.fixed(4).isEmpty)
    }

    @Test func decimalsAreFixed() {
        #expect(
            0.04289.fixed(4) == "0.0429" && (-0.5).fixed(0) == "-1" && (-0.0001).fixed(2) == "0.00"
                && 3.0.fixed(1) == "3.0")
    }
}
