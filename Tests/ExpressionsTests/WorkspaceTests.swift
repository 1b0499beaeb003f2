import Expressions
import Testing

@Suite struct WorkspaceTests {
    private let sources = [
        "x*sin(x)", "x^7 - x^-2 + x^0", "sin(x)*cos(x)*tan(x)", "max(x, y, 0.3) - min(x, y)",
        "exp(-x^2)*erf(y) + tanh(x)*sigmoid(y)*softplus(x)", "sqrt(abs(x))*log(1 + y^2)",
        "abs(x)^y", "x", "2", "(x+y)*(x+y) - (x-y)^3/(x^2+1)",
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
