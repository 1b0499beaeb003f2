import Expressions
import Statistics
import Testing

@Suite struct ConditionTests {
    private func value(_ source: String, x: Double = 0, y: Double = 0) throws -> Double {
        let expression = try Expression(source, variables: ["x", "y"])
        let workspace = Workspace(expression.program([.value]), width: 1)
        for (i, value) in [x, y].enumerated() { workspace.input(i)[0] = value }
        workspace.evaluate(count: 1)
        return workspace.output(0)[0]
    }

    @Test(arguments: [
        ("1 < 2", 1.0), ("2 < 1", 0), ("1 < 1", 0), ("1 <= 1", 1), ("1 >= 2", 0), ("2 > 1", 1), ("1 == 1", 1),
        ("1 != 1", 0), ("0 == -0", 1), ("1 < 2 < 3", 1), ("1 < 3 < 2", 0), ("3 > 2 > 1", 1), ("1 < 2 == 2", 1),
        ("not 1 < 2", 0), ("!(1 < 2)", 0), ("not not 3", 1), ("not 0", 1), ("1 and 2", 1), ("2 and 0", 0),
        ("0 or 2", 1), ("0 or 0", 0), ("1 < 2 and 2 < 1 or 1", 1), ("1 or 0 and 0", 1), ("not 0 and 0", 0),
        ("1 && 0 || 1", 1), ("if(1, 2, 3)", 2), ("if(0, 2, 3)", 3), ("if(-0.5, 2, 3)", 2), ("1 + 2 < 4", 1),
        ("-1 < 0", 1), ("2*3 == 6", 1), ("2*(1 < 2) + 1", 3), ("if(x < 1, if(y > 0, 1, 2), 3)", 2),
        ("if(1 < 2, 3, 4) + 1", 4),
    ]) func precedence(source: String, expected: Double) throws {
        #expect(try value(source) == expected)
    }

    /// Comparisons and their combinations of any two numbers are Swift's.
    @Test func comparisonsAreThoseOfNumbers() throws {
        let numbers = [-2.5, -0.0, 0, 1, 1.0.nextUp, 7]
        for x in numbers {
            for y in numbers {
                let cases: [(String, Bool)] = [
                    ("x < y", x < y), ("x <= y", x <= y), ("x > y", x > y), ("x >= y", x >= y), ("x == y", x == y),
                    ("x != y", x != y), ("x and y", x != 0 && y != 0), ("x or y", x != 0 || y != 0), ("not x", x == 0),
                    ("0 <= x < y", 0 <= x && x < y),
                ]
                for (source, expected) in cases {
                    #expect(try value(source, x: x, y: y) == (expected ? 1 : 0), "\(source) at \(x), \(y)")
                }
                #expect(try value("if(x < y, x*y, x - y)", x: x, y: y) == (x < y ? x * y : x - y))
            }
        }
    }

    @Test func theOtherBranchMayBeUndefined() throws {
        #expect(try value("if(x > 0, log(x), 7)", x: -1) == 7)
        #expect(try value("if(x <= 0, 7, log(x))", x: -1) == 7)
        #expect(try value("x <= 0 or log(x) < 1", x: -1) == 1)
        #expect(try value("x > 0 and log(x) < 1", x: -1) == 0)
        #expect(try value("if(x == 0, 1, sin(x)/x)", x: 0) == 1)
    }

    @Test(arguments: ["log(x) < 1", "not log(x)", "if(log(x), 1, 1)", "if(log(x) < 0, 1, 2)", "0 + (1 < log(x))"])
    func anUndefinedConditionHasNoValue(source: String) throws {
        #expect(try value(source, x: -1).isNaN)
        let program = try Expression(source, variables: ["x", "y"]).program([.value])
        #expect(program.firstFailure(at: [-1, 0])?.description == "log(x) is undefined where x = -1.0, y = 0.0")
    }

    @Test func errorsBlameTheBranchThatIsTaken() throws {
        let expression = try Expression("x + if(x > 0, log(y - 9), log(y))", variables: ["x", "y"])
        let program = expression.program([.value, .derivative(1)])
        #expect(program.firstFailure(at: [-1, 2]) == nil)
        #expect(program.firstFailure(at: [1, 2])?.subexpression == "log(y - 9)")
        #expect(program.firstFailure(at: [-1, -2])?.subexpression == "log(y)")
    }

    private static let branching = [
        "if(x > y, x^2*y, sin(x) + y)", "if(x > 0, log(x), 3*x)*y + x", "x*if(y < 1, if(x < y, x*y, exp(x)), y^3)",
        "if(x < y and not x > 0 or y > 2, x^3, y*x)", "if(x, x, y)^2", "min(x*y, if(x > 0.5, x, y^2))",
        "if(x*y < 1, if(x < 0, x, 2*x), 3)*if(y > 0, y^2, y)",
    ]

    /// Value and both derivatives are those of the branch, found as difference quotients away from the seams.
    @Test(arguments: branching) func derivativesAreThoseOfTheBranchTaken(source: String) throws {
        let expression = try Expression(source, variables: ["x", "y"])
        let workspace = Workspace(expression.program([.value, .derivative(0), .derivative(1)]), width: 1)
        let seams = Workspace(expression.program(expression.seams.indices.map { .seam($0) }), width: 1)
        var generator = PhiloxGenerator(Philox(seed: 3))
        var tried = 0
        for _ in 0..<200 {
            let point = (0..<2).map { _ in Double.random(in: -3...3, using: &generator) }
            guard try seams.values(at: point).allSatisfy({ abs($0) > 0.01 }) else { continue }
            tried += 1
            let values = try workspace.values(at: point)
            for variable in 0...1 {
                let h = 1e-5
                var (ahead, behind) = (point, point)
                ahead[variable] += h
                behind[variable] -= h
                let slope = try (workspace.values(at: ahead)[0] - workspace.values(at: behind)[0]) / (2 * h)
                #expect(abs(values[1 + variable] - slope) <= 1e-6 * (1 + abs(slope)), "\(source) at \(point)")
            }
        }
        #expect(tried > 100)
    }

    @Test func secondDerivativesFollowTheBranchToo() throws {
        let expression = try Expression("if(x > 0, x^3, 3*x)*y", variables: ["x", "y"])
        let workspace = Workspace(expression.program([.secondDerivative(0, 0), .secondDerivative(0, 1)]), width: 1)
        #expect(try workspace.values(at: [0.5, 2]) == [6, 0.75])
        #expect(try workspace.values(at: [-0.5, 2]) == [0, 3])
    }

    @Test(arguments: [
        ("if(1, 2)", 7, "')'"), ("if", 2, "the end"), ("if(", 3, "the end"), ("if x", 3, "'x'"), ("1 = 2", 2, "'='"),
        ("x & y", 2, "'&'"), ("x | y", 2, "'|'"), ("1 < ", 4, "the end"), ("and", 0, "'and'"), ("x or", 4, "the end"),
        ("if(x < 1, 2, 3, 4)", 14, "','"), ("x <> y", 3, "'>'"), ("x =< y", 2, "'='"), ("not", 3, "the end"),
        ("x not y", 2, "'not'"), ("if*2", 2, "'*'"),
    ]) func errorsSayWhereAndWhat(source: String, position: Int, found: String) {
        let error = #expect(throws: ParseError.self) { try Expression(source, variables: ["x", "y"]) }
        #expect(error?.position == position)
        #expect(error?.found == found)
    }

    @Test func theWordsOfTheGrammarAreNoVariables() {
        for word in ["if", "and", "or", "not"] { #expect(!Expression.isUsable(variable: word)) }
    }
}
