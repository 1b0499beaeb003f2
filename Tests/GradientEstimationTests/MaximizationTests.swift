import Expressions
import GradientEstimation
import Projections
import Statistics
import Testing

@Suite struct MaximizationTests {
    private func maximize(
        _ f: String, _ variables: [String] = ["x", "y"], in set: (any ConvexSet<Double>)? = nil,
        from start: [Double] = [0, 0], step: MaximizationSpecification.StepSize = .automatic,
        iterations: Int = 1000, tolerance: Double? = 1e-9, by pace: Int = .max
    ) throws -> MaximizationReport {
        let run = MaximizationRun(
            try MaximizationSpecification(
                f: Expression(f, variables: variables), constraints: set, start: start,
                stepSize: step, iterations: iterations, tolerance: tolerance))
        while !run.isFinished { try run.advance(iterations: pace) }
        return run.report
    }

    /// Over a separable concave quadratic the maximum is the projection of its peak.
    @Test(arguments: [(0.3, 0.4), (0.3, 7), (-2, -1)]) func aFixedAndABoundedCoordinate(
        peak: (Double, Double)
    ) throws {
        let set = try Box([Interval(fixed: 0.7), Interval(min: 0, max: 1)])
        for step in [MaximizationSpecification.StepSize.automatic, .constant(0.1)] {
            let report = try maximize("-(x-(\(peak.0)))^2 - 3*(y-(\(peak.1)))^2", in: set, step: step)
            #expect(report.stopped == .tolerance)
            #expect(report.maximizer[0] == 0.7)
            #expect(abs(report.maximizer[1] - min(max(peak.1, 0), 1)) <= 1e-9)
            #expect(report.projectedGradientNorm < 1e-9)
        }
    }

    @Test func aLinearFunctionsMaximumLiesWhereTheSetsNormalIsItsGradient() throws {
        let ball = try maximize("3*x + 4*y", in: Ball(center: [1, 1], radius: 5))
        #expect(euclideanDistance(ball.maximizer, [4, 5]) <= 1e-8)
        #expect(abs(ball.value - 32) <= 1e-12)
        let simplex = try maximize("x + 2*y", in: Simplex(total: 3))
        #expect(euclideanDistance(simplex.maximizer, [0, 3]) <= 1e-12)
        let half = try maximize("-x^2 - y^2", in: HalfSpace(normal: [-1, -1], offset: -2))
        #expect(euclideanDistance(half.maximizer, [1, 1]) <= 1e-8)
    }

    /// Without a tolerance the end does not depend on the scale of f.
    @Test(arguments: [1e-200, 1e-12, 1, 1e12, 1e200]) func aMultipleHasTheSameMaximizer(scale: Double) throws {
        let report = try maximize("\(scale)*(-(x-2)^2 - 3*(y+1)^2)", tolerance: nil)
        #expect(report.stopped == .tolerance)
        #expect(euclideanDistance(report.maximizer, [2, -1]) <= 1e-8)
        let line = try maximize(
            "\(scale)*(1 - (x-2)^2)", ["x"], from: [0], step: .constant(0.2 / scale), tolerance: nil)
        #expect(line.stopped == .tolerance)
        #expect(abs(line.maximizer[0] - 2) <= 1e-8)
    }

    @Test func aStartAtTheMaximizerStays() throws {
        for start in [0.0, 1e-20, 3] {
            let report = try maximize("-(x - \(start))^2", ["x"], from: [start], tolerance: nil)
            #expect(report.iterations == 0 && report.maximizer == [start])
        }
    }

    @Test func aGivenToleranceIsTakenLiterally() throws {
        let report = try maximize("-1e-12*(x-2)^2", ["x"], from: [0], tolerance: 1e-9)
        #expect(report.iterations == 0 && report.stopped == .tolerance)
    }

    /// Entropy over the simplex is greatest where all coordinates are equal.
    @Test func entropyOverTheSimplex() throws {
        let report = try maximize(
            "-(a*log(a + 1e-9) + b*log(b + 1e-9) + c*log(c + 1e-9))", ["a", "b", "c"],
            in: Simplex(total: 1), from: [0.9, 0.05, 0.05])
        #expect(euclideanDistance(report.maximizer, [1.0 / 3, 1.0 / 3, 1.0 / 3]) <= 1e-8)
    }

    @Test func aCurvedValleyIsFollowed() throws {
        let report = try maximize("-(1-x)^2 - 100*(y-x^2)^2", from: [-1.2, 1], iterations: 5000)
        #expect(euclideanDistance(report.maximizer, [1, 1]) <= 1e-6)
        // Monotone up to rounding: that is what the automatic step promises.
        for (before, after) in zip(report.trace, report.trace.dropFirst()) {
            #expect(after.value >= before.value - 8 * before.value.ulp)
        }
    }

    @Test func aConstantStepIsExactlyTheIteration() throws {
        let report = try maximize(
            "-x^2/2", ["x"], from: [1], step: .constant(0.5), iterations: 20, tolerance: 0)
        #expect(report.stopped == .iterations)
        #expect(report.trace.map(\.x[0]) == (0...20).map { 1 / Double(1 << $0) })
        #expect(report.trace.map(\.iteration) == Array(0...20))
        #expect(report.iterations == 20)
    }

    @Test func theStartIsProjectedFirst() throws {
        let report = try maximize("-(x-2)^2", ["x"], in: Box(lower: [0], upper: [1]), from: [9])
        #expect(report.trace[0].x == [1])
        #expect(report.iterations == 0 && report.stopped == .tolerance)
    }

    @Test func theAutomaticStepTurnsBackWhereTheFunctionIsUndefined() throws {
        let report = try maximize("log(x) - 10*x", ["x"], from: [5])
        #expect(abs(report.maximizer[0] - 0.1) <= 1e-9)
        let error = #expect(throws: GradientError.self) {
            try maximize("log(x) - 10*x", ["x"], from: [5], step: .constant(1))
        }
        guard case .undefined("f", let cause) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(cause.subexpression == "log(x)")
    }

    @Test func anUnboundedFunctionEndsWithItsIterations() throws {
        let report = try maximize("x", ["x"], from: [0], iterations: 30)
        #expect(report.stopped == .iterations)
        #expect(report.value > 1e3 && report.value.isFinite)
    }

    @Test func noStepRaisesTheFunctionBeyondPrecision() throws {
        let report = try maximize("-abs(x - 1/3)", ["x"], from: [0], iterations: 10_000, tolerance: 0)
        #expect(report.stopped == .precision || report.stopped == .iterations)
        #expect(abs(report.maximizer[0] - 1.0 / 3) <= 1e-12)
    }

    @Test func thePaceChangesNothing() throws {
        let whole = try maximize("-(1-x)^2 - 100*(y-x^2)^2", from: [-1.2, 1])
        #expect(try maximize("-(1-x)^2 - 100*(y-x^2)^2", from: [-1.2, 1], by: 1) == whole)
    }

    @Test func badParametersAreNamed() throws {
        func culprit(
            _ variables: [String] = ["x"], set: (any ConvexSet<Double>)? = nil, start: [Double] = [0],
            step: MaximizationSpecification.StepSize = .automatic, iterations: Int = 1, tolerance: Double = 0
        ) throws -> String? {
            do {
                try MaximizationSpecification.check(variables: variables)
                _ = try MaximizationSpecification(
                    f: Expression("1", variables: variables), constraints: set, start: start,
                    stepSize: step, iterations: iterations, tolerance: tolerance)
                return nil
            } catch { return (error as? InvalidParameter)?.parameter }
        }
        #expect(try culprit() == nil)
        #expect(try culprit([]) == "variables")
        #expect(try culprit(["x", "x"], start: [0, 0]) == "variables")
        #expect(try culprit(["sin"]) == "variables")
        #expect(try culprit(start: []) == "start")
        #expect(try culprit(start: [.infinity]) == "start")
        #expect(try culprit(step: .constant(0)) == "step_size")
        #expect(try culprit(iterations: 0) == "iterations")
        #expect(try culprit(tolerance: -1) == "tolerance")
        #expect(try culprit(set: Box(lower: [0, 0], upper: [1, 1])) == "constraints")
    }

    /// From any start but the very minimum, by either step: the end says that there is no maximum.
    @Test(arguments: ["x^2", "exp(x)", "x^3", "1/(x - 3)^2", "exp(x^2)"])
    func aFunctionBeyondEveryDoubleIsCalledUnbounded(f: String) throws {
        for start in [0.5, 2.0] {
            let report = try maximize(f, ["x"], from: [start], iterations: 10_000)
            #expect(report.stopped == .unbounded, "from \(start)")
            #expect(report.value.isFinite && report.maximizer[0].isFinite)
        }
    }

    /// Where a set or the function itself holds the ascent back it is not unbounded.
    @Test func whatIsBoundedIsNotCalledUnbounded() throws {
        #expect(try maximize("x^2", ["x"], in: Box(lower: [-1], upper: [2]), from: [0.5]).stopped == .tolerance)
        #expect(try maximize("min(exp(x), 5) - x^2/1e6", ["x"], from: [0.5]).stopped != .unbounded)
        #expect(try maximize("-x^2", ["x"], from: [1e150]).stopped != .unbounded)
    }

    /// However much steeper f is in one direction than in the others, the end is the maximizer.
    @Test(
        arguments: [
            ("-(x-1)^2-1e10*(y-1)^2", [0, 0], [1, 1]), ("-(x-1)^2-1e6*(y-1)^2", [0, 0], [1, 1]),
            ("-(x+y-1)^2-1e10*(x-y)^2", [0, 5], [0.5, 0.5]), ("-1e-12*(x-2)^2-y^2", [1, 0], [2, 0]),
        ] as [(String, [Double], [Double])])
    func badlyScaledFunctionsAreFollowedToTheirMaximizers(f: String, start: [Double], peak: [Double]) throws {
        let report = try maximize(f, from: start, tolerance: nil)
        #expect(report.stopped == .tolerance)
        #expect(report.warning == nil)
        #expect(euclideanDistance(report.maximizer, peak) <= 1e-8, "\(report.maximizer)")
    }

    /// The same shape at each scale of f: where the gradient jumps the ascent goes on until no direction leads upwards.
    @Test(arguments: [1e-12, 1, 1e12])
    func concaveFunctionsWithKinksAreFollowedToTheirMaximizers(scale: Double) throws {
        let box = try Box(lower: [-5, -5], upper: [5, 5])
        for (f, set, start, peak) in [
            ("-abs(x)-abs(y)-3*abs(x-y)", nil, [1, -2], [0, 0]),
            ("min(min(x+y, 2*x-y), 3-x)", box, [0, 0], [1.2, 0.6]),
            ("-3*sqrt((x-y)^2)-sqrt(x^2)-sqrt(y^2)", nil, [1, -2], [0, 0]),
            ("-abs(x-1/3)-y^2", nil, [0, 1], [1.0 / 3, 0]),
        ] as [(String, Box<Double>?, [Double], [Double])] {
            let report = try maximize("\(scale)*(\(f))", in: set, from: start, tolerance: nil)
            #expect(euclideanDistance(report.maximizer, peak) <= 1e-8, "\(f): \(report.maximizer)")
            #expect(report.stopped == .tolerance && report.warning == nil, "\(f)")
        }
    }

    /// Where nothing shows that a kink is the maximizer, the report does not say so.
    @Test func aKinkThatStopsTheAscentIsNotCalledTheMaximizer() throws {
        for iterations in [60, 100] {
            let report = try maximize(
                "-abs(x)-1e3*abs(x-y)", from: [1, -2], step: .automatic, iterations: iterations, tolerance: nil)
            #expect(report.value < -1e-6 ? report.stopped != .tolerance : true, "\(report.value)")
            #expect(report.stopped != .precision || report.warning != nil)
        }
        let constant = try maximize("-abs(x)-3*abs(x-y)", from: [1, 1.5], step: .constant(1e-13), tolerance: nil)
        #expect(constant.stopped != .tolerance)
    }

    /// A point at which the gradient is 0 may be a minimum or a saddle.
    @Test func aStationaryPointThatIsNoMaximumIsLeft() throws {
        #expect(try maximize("x^2", ["x"], from: [0], tolerance: nil).stopped == .unbounded)
        #expect(try maximize("cos(x)", ["x"], from: [Double.pi], tolerance: nil).value >= 1 - 1e-6)
        #expect(try maximize("x^2-y^2-x^4", from: [0, 1], tolerance: nil).value >= 0.25 - 1e-12)
        let disc = try maximize("x*y", in: Ball(center: [0, 0], radius: 1), tolerance: nil)
        #expect(abs(disc.value - 0.5) <= 1e-12)
        let fixed = try maximize("x^2", ["x"], from: [0], step: .constant(0.1), tolerance: nil)
        #expect(fixed.stopped == .precision && fixed.warning != nil)
    }

    @Test func aLinearFunctionIsUnboundedOnceNoDoubleIsFarEnough() throws {
        #expect(try maximize("x", ["x"], from: [0], tolerance: nil).stopped == .unbounded)
        #expect(try maximize("x", ["x"], in: Box(lower: [0], upper: [7]), from: [0], tolerance: nil).maximizer == [7])
    }

    @Test func longTracesAreThinned() throws {
        let variables = (0..<100).map { "v\($0)" }
        let report = try maximize(
            "v0", variables, from: [Double](repeating: 0, count: 100), step: .constant(1), iterations: 10_000,
            tolerance: 0)
        #expect(report.trace.count <= MaximizationRun.mostTraceNumbers / 100 + 1)
        #expect(report.trace.first?.iteration == 0 && report.trace.last?.iteration == 10_000)
        #expect(report.maximizer[0] == 10_000)
        let gaps = zip(report.trace.dropFirst(), report.trace).map { $0.iteration - $1.iteration }
        #expect(Set(gaps.dropLast()).count == 1)
    }

    @Test func longNamesOfAnyKindAreRefusedQuickly() {
        // Comparing these by canonical equivalence would take minutes.
        let marks = "a" + String(repeating: "\u{301}\u{323}", count: 200_000)
        for name in [marks, String(repeating: "a", count: 1_000_000), "é", "e\u{301}", "ｘ", ""] {
            let error = #expect(throws: InvalidParameter.self) {
                try MaximizationSpecification.check(variables: ["x", name])
            }
            #expect((error?.reason.utf8.count ?? 0) < 400)
        }
    }
}
