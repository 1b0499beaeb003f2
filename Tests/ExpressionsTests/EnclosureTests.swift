import Expressions
import Statistics
import Testing

@Suite struct EnclosureTests {
    private static let expressions = [
        "x", "3 - x*2", "x^2 - x^3/7", "x^-2", "x^0", "sin(x)", "cos(3*x) + x", "tan(x/3)", "exp(-x^2)", "log(x)",
        "sqrt(x)",
        "x*sin(x)/(1 + x^2)", "tanh(2*x)", "sigmoid(x - 1)", "softplus(x)", "erf(x/2)", "abs(x - 100)", "abs(x + 100)",
        "min(x, 50)", "max(x, x^2 + 5)", "if(x < 50, x^2, 0)", "if(x > 50 or x > 60, 1/0, sin(x))", "x^2.5", "2^x",
        "x^x", "pi*x/(e + x)", "log(abs(sin(x)) + 0.1)",
    ]

    /// Value, derivative and half the second derivative at points inside lie within the bounds.
    @Test(arguments: expressions) func coefficientsLieWithinTheirBounds(text: String) throws {
        let f = try Expression(text, variables: ["x"])
        let workspace = Workspace(f.program([.value, .derivative(0), .secondDerivative(0, 0)]), width: 1)
        var generator = PhiloxGenerator(Philox(seed: 5))
        for _ in 0..<200 {
            let low = Double.random(in: 0.05..<3, using: &generator),
                width = Double.random(in: 0..<0.5, using: &generator)
            let bounds = f.enclosure([TaylorEnclosure(linear: Enclosure(low, low + width), slope: 1, order: 4)])
            let x = Double.random(in: low...(low + width), using: &generator)
            guard let found = try? workspace.values(at: [x]) else { continue }
            for (k, value) in [found[0], found[1], found[2] / 2].enumerated() {
                let slack = 1e-9 * (1 + abs(value))
                #expect(
                    bounds[k].lower - slack <= value && value <= bounds[k].upper + slack,
                    "coefficient \(k) at \(x) in \(low)…\(low + width)")
            }
        }
    }

    /// Bounds close in on the value as the interval does: not one of them is needlessly infinite.
    @Test(arguments: expressions) func boundsOfANarrowIntervalAreNarrow(text: String) throws {
        let f = try Expression(text, variables: ["x"])
        for x in [0.7, 1.3, 2.9] {
            let series = f.enclosure([TaylorEnclosure(linear: Enclosure(x, x + 1e-9), slope: 1, order: 12)])
            for k in 0...12 { #expect(series[k].width <= 1e-3 * (1 + series[k].magnitude), "coefficient \(k) at \(x)") }
        }
    }

    /// Where the branch is not known, the bounds hold both, and no derivative is bounded.
    @Test(arguments: [
        "if(x < 1, x, 3*x)", "if(x > 1 and x < 2, x^2, exp(x))", "if(x == 1, 5, x)", "if(not x < 1, -x, x^3)",
        "x*if(x < 1, 1, if(x < 2, 2, 3))", "if(sin(9*x) > 0, x, x - 10)", "if(log(x) < 0, 2, x)",
    ]) func undecidedBranchesAreHulls(text: String) throws {
        let f = try Expression(text, variables: ["x"])
        let workspace = Workspace(f.program([.value, .derivative(0)]), width: 1)
        var generator = PhiloxGenerator(Philox(seed: 6))
        for _ in 0..<300 {
            let low = Double.random(in: 0.05..<3, using: &generator),
                width = Double.random(in: 0..<0.9, using: &generator)
            let bounds = f.enclosure([TaylorEnclosure(linear: Enclosure(low, low + width), slope: 1, order: 3)])
            for _ in 0..<5 {
                let x = Double.random(in: low...(low + width), using: &generator)
                let found = try workspace.values(at: [x])
                for (k, value) in found.enumerated() {
                    let slack = 1e-9 * (1 + abs(value))
                    #expect(bounds[k].lower - slack <= value && value <= bounds[k].upper + slack, "\(k) at \(x)")
                }
            }
        }
        let across = f.enclosure([TaylorEnclosure(linear: Enclosure(0.9, 1.1), slope: 1, order: 3)])
        #expect(across[1].magnitude == .infinity)
    }

    @Test(arguments: ["1/x", "log(x)", "x^-3", "1/sin(x)", "x^0.5 / x"]) func polesHaveNoBounds(text: String) throws {
        let f = try Expression(text, variables: ["x"])
        let series = f.enclosure([TaylorEnclosure(linear: Enclosure(-0.1, 0.2), slope: 1, order: 3)])
        #expect(series[0].magnitude == .infinity)
    }

    @Test func kinksHaveValuesButNoDerivatives() throws {
        for text in ["abs(x)", "min(x, 0)", "max(0, x)"] {
            let f = try Expression(text, variables: ["x"])
            let series = f.enclosure([TaylorEnclosure(linear: Enclosure(-0.1, 0.2), slope: 1, order: 3)])
            #expect(series[0].magnitude == 0.2 || series[0].magnitude == 0.1)
            #expect(series[1].magnitude == .infinity)
        }
    }
}
