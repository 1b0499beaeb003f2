import Projections
import SeededRandom
import Testing

@Suite struct BoxTests {
    /// C = { x₁ = a, 0 ≤ x₂ ≤ 1 }: Π(y) = (a, min(max(y₂, 0), 1)).
    @Test(arguments: [-3.0, 0, 0.25, 1, 7]) func oneFixedAndOneBoundedCoordinate(y: Double) throws {
        let box = try Box([Interval(fixed: 0.7), Interval(min: 0, max: 1)])
        #expect(box.projection(of: [y, y]) == [0.7, min(max(y, 0), 1)])
    }

    @Test func floatImagesKeepTheirKnownPixelsToTheBit() throws {
        var generator = SplitMix64(seed: 1)
        let known = (0..<784).map { _ in Float.random(in: 0...1, using: &generator) }
        let missing = (0..<784).map { _ in Bool.random(using: &generator) }
        let box = try Box(
            lower: (0..<784).map { missing[$0] ? 0 : known[$0] },
            upper: (0..<784).map { missing[$0] ? 1 : known[$0] })
        var image = (0..<784).map { _ in Float.random(in: -1...2, using: &generator) }
        let before = image
        box.project(&image)
        for i in 0..<784 {
            #expect(image[i] == (missing[i] ? min(max(before[i], 0), 1) : known[i]))
        }
    }

    @Test func whatIsNotANumberIsNotHidden() throws {
        let box = try Box([Interval(fixed: 0.5), Interval(min: 0, max: 1)])
        let projection = box.projection(of: [Double.nan, .nan])
        #expect(projection[0] == 0.5)
        #expect(projection[1].isNaN)
    }

    @Test func minusZeroBecomesTheBound() throws {
        let box = try Box<Double>(lower: [0], upper: [1])
        #expect(box.projection(of: [-0.0])[0].sign == .plus)
    }

    @Test func infinitePointsGoToTheBounds() throws {
        let box = try Box([Interval(min: 0.0, max: 1), Interval(min: 0), Interval(max: 0)])
        #expect(box.projection(of: [.infinity, -.infinity, .infinity]) == [1, 0, 0])
    }

    @Test func aBadIntervalIsNamed() {
        #expect(throws: ConstraintError(.min, coordinate: 1, "must not exceed max")) {
            try Box([Interval(fixed: 0.0), Interval(min: 1, max: 0)])
        }
        #expect(throws: ConstraintError(.min, coordinate: 0, "must be a number")) {
            try Box<Double>(lower: [.nan], upper: [1])
        }
        #expect(throws: ConstraintError(.max, coordinate: 0, "must be a number")) {
            try Box<Double>(lower: [0], upper: [-.infinity])
        }
        #expect(throws: ConstraintError(.fixed, coordinate: 0, "must be a number")) {
            try Box([Interval<Double>(fixed: .infinity)])
        }
    }
}
