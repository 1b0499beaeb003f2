import Expressions
import Testing

@Suite struct WorkspaceTests {
    private let sources = [
        "x*sin(x)", "x^7 - x^-2 + x^0", "sin(x)*cos(x)*tan(x)", "max(x, y, 0.3) - min(x, y)",
        "exp(-x^2)*erf(y) + tanh(x)*sigmoid(y)*softplus(x)", "sqrt(abs(x))*log(1 + y^2)",
        "abs(x)^y", "x", "2", "if(x < y, sin(x), x^2 - y)*if(x > 0.3 and y < 1, 2, exp(y))",
        "(x+y)*(x+y) - (x-y)^3/(x^2+1)",
    ]

    @Test func everyPointOfABlockIsThePointAlone() throws {
        for source in sources {
            let program = try Expression(source, variables: ["x", "y"])
                .program([.value, .derivative(0), .derivative(1), .secondDerivative(0, 0)])
            let alone = Workspace(program, width: 1)
            let block = Workspace(program, width: 37)
            for i in 0..<37 {
                block.input(0)[i] = 0.11 * Double(i) - 1.9
                block.input(1)[i] = 1.7 - 0.07 * Double(i * i % 37)
            }
            for count in [1, 2, 3, 7, 8, 15, 16, 17, 37] {
                block.evaluate(count: count)
                for i in 0..<count {
                    alone.input(0)[0] = block.input(0)[i]
                    alone.input(1)[0] = block.input(1)[i]
                    alone.evaluate(count: 1)
                    for k in 0..<program.outputCount {
                        #expect(
                            block.output(k)[i].bitPattern == alone.output(k)[0].bitPattern,
                            "\(source), output \(k), point \(i) of \(count)")
                    }
                }
            }
        }
    }

    /// Arithmetic is IEEE 754's in the order of the text, whatever stays in registers.
    @Test func arithmeticHasTheBitsOfSwifts() throws {
        let cases: [(String, (Double, Double) -> Double)] = [
            ("x + 2*y - 3*x*y", { $0 + 2 * $1 - 3 * $0 * $1 }), ("x*y + x", { $0 * $1 + $0 }),
            ("x*y + x*x", { $0 * $1 + $0 * $0 }), ("x - y*y", { $0 - $1 * $1 }),
            (
                "(x - y)*(x + y)/(x*y + 20) - x*(y - x*(y + x*(y - x)))",
                { ($0 - $1) * ($0 + $1) / ($0 * $1 + 20) - $0 * ($1 - $0 * ($1 + $0 * ($1 - $0))) }
            ),
            ("x^3 - y^-2 + x^2*y^4", { $0 * $0 * $0 - 1 / ($1 * $1) + ($0 * $0) * (($1 * $1) * ($1 * $1)) }),
            (
                "1 - x/(2 - y/(3 - x/(4 - y/(5 - x))))", { 1 - $0 / (2 - $1 / (3 - $0 / (4 - $1 / (5 - $0)))) }
            ),
            (
                "(x + 1)*(y + 2) + (x + 3)*(y + 4)*((x - 5)*(y - 6) - (x - 7)*(y - 8))",
                { ($0 + 1) * ($1 + 2) + ($0 + 3) * ($1 + 4) * (($0 - 5) * ($1 - 6) - ($0 - 7) * ($1 - 8)) }
            ),
            (
                "min(x, y, 1) - max(x*y, y*y, 0.5)*abs(x - y) + sqrt(abs(y))",
                { min($0, $1, 1) - max($0 * $1, $1 * $1, 0.5) * abs($0 - $1) + abs($1).squareRoot() }
            ),
            (
                "if(x < y, x*y - 1, (x + y)*(x - y))*2 - if(x*y > 1, x, -y)",
                { ($0 < $1 ? $0 * $1 - 1 : ($0 + $1) * ($0 - $1)) * 2 - ($0 * $1 > 1 ? $0 : -$1) }
            ),
        ]
        for (source, expected) in cases {
            let block = Workspace(try Expression(source, variables: ["x", "y"]).program([.value]), width: 150)
            for i in 0..<150 {
                block.input(0)[i] = 0.037 * Double(i) - 2.9
                block.input(1)[i] = 2.3 - 0.031 * Double(i * i % 151)
            }
            block.evaluate(count: 150)
            for i in 0..<150 {
                #expect(block.output(0)[i] == expected(block.input(0)[i], block.input(1)[i]), "\(source), \(i)")
            }
        }
    }

    @Test func aHundredVariablesAreRead() throws {
        let names = (1...100).map { "x\($0)" }
        let source = names.enumerated().map { "\($0 + 1)*\($1)" }.joined(separator: "+") + "-x1^2*x100"
        let expression = try Expression(source, variables: names)
        let workspace = Workspace(expression.program([.value, .derivative(0), .derivative(99)]), width: 3)
        for j in 0..<100 { for i in 0..<3 { workspace.input(j)[i] = Double(i + j) } }
        workspace.evaluate(count: 3)
        for i in 0..<3 {
            let sum = (1...100).reduce(0.0) { $0 + Double($1) * Double(i + $1 - 1) }
            #expect(workspace.output(0)[i] == sum - Double(i * i) * Double(i + 99))
            #expect(workspace.output(1)[i] == 1 - 2 * Double(i) * Double(i + 99))
            #expect(workspace.output(2)[i] == 100 - Double(i * i))
        }
    }

    @Test func inputsSurviveAnEvaluation() throws {
        let program = try Expression("-x + x*x", variables: ["x"]).program([.value, .derivative(0)])
        let workspace = Workspace(program, width: 4)
        for i in 0..<4 { workspace.input(0)[i] = Double(i) }
        for _ in 0..<2 {
            workspace.evaluate(count: 4)
            #expect(Array(workspace.output(0)) == [0, 0, 2, 6])
            #expect(Array(workspace.output(1)) == [-1, 1, 3, 5])
        }
    }

    @Test func valuesMatchTheLibrarysToAFewUnits() throws {
        let expression = try Expression("x*sin(x) + exp(-x)/sqrt(x)", variables: ["x"])
        let workspace = Workspace(expression.program([.value]), width: 1)
        // By mpmath, with 40 digits.
        let known = [
            (0.5, 1.097476654262808296616834), (2.0, 1.914291350161774314752828),
            (10.25, -7.530647867821315561531853),
        ]
        for (x, expected) in known {
            #expect(abs(try workspace.values(at: [x])[0] - expected) <= 4e-16 * abs(expected))
        }
    }
}
