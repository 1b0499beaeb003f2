import Expressions
import Testing

@Suite struct ParserTests {
    private func value(_ source: String, x: Double = 0) throws -> Double {
        let expression = try Expression(source, variables: ["x"])
        return try Workspace(expression.program([.value]), width: 1).values(at: [x])[0]
    }

    @Test(arguments: [
        ("1+2*3", 7), ("(1+2)*3", 9), ("2-3-4", -5), ("2/4/2", 0.25), ("2^3^2", 512),
        ("-2^2", -4), ("(-2)^2", 4), ("2^-1", 0.5), ("2^-1^2", 0.5), ("-2*3", -6), ("2*-3", -6),
        ("--2", 2), ("+2", 2), ("1-+2", -1), ("2e3", 2000), (".5", 0.5), ("1.", 1), ("1E-2", 0.01),
        ("min(3,1,2)", 1), ("max(3,1,2)", 3), ("abs(-3)", 3), ("sqrt(9)", 3), ("2^0.5^2", 0x1.306fe0a31b715p0),
        (" 1 \t+\n1 ", 2), ("10^2/2*3", 150),
    ]) func precedence(source: String, expected: Double) throws {
        let result = try value(source)
        #expect(abs(result - expected) <= 1e-15 * abs(expected))
    }

    @Test func variablesAndConstantsHaveTheirValues() throws {
        #expect(try value("x", x: 0.1) == 0.1)
        #expect(try value("pi") == .pi)
        #expect(try value("e") == 2.718281828459045)
        #expect(try value("2*x - -x", x: 3) == 9)
        let expression = try Expression("b - a_1*z2", variables: ["a_1", "b", "z2", "unused"])
        let values = try Workspace(expression.program([.value]), width: 1).values(at: [2, 3, 5, 7])
        #expect(values == [-7])
    }

    @Test(arguments: [
        ("x*sin(", 6, "the end"), ("", 0, "the end"), ("x x", 2, "'x'"), ("2x", 1, "'x'"),
        ("2e", 1, "'e'"), ("x+", 2, "the end"), ("(x", 2, "the end"), ("x)", 1, "')'"),
        ("x*/2", 2, "'/'"), ("sin x", 4, "'x'"), ("sin(x,x)", 5, "','"), ("min(x)", 5, "')'"),
        ("y+1", 0, "'y'"), ("x(2)", 1, "'('"), ("x # 2", 2, "'#'"), ("x*π", 2, "'π'"),
        ("π*x", 0, "'π'"), ("1e999", 0, "'1e999'"), (".", 0, "'.'"), ("x**2", 2, "'*'"),
        ("()", 1, "')'"), ("1.2.3", 3, "'.3'"), ("f(x)", 0, "'f'"),
    ]) func errorsSayWhereAndWhat(source: String, position: Int, found: String) throws {
        do {
            _ = try Expression(source, variables: ["x"])
            Issue.record("\(source) was read")
        } catch {
            #expect(error.position == position)
            #expect(error.found == found)
            #expect(error.description.contains("character \(position + 1)"))
            #expect(!error.expected.isEmpty)
        }
    }

    @Test func anUnfinishedCallSaysWhatWasExpected() {
        let error = #expect(throws: ParseError.self) { try Expression("x*sin(", variables: ["x"]) }
        #expect(
            error?.description
                == "expected a number, a name or '(' at character 7, found the end")
    }

    @Test func lengthAndDepthAreLimited() throws {
        let limits = Expression.Limits(length: 50, depth: 10)
        func parse(_ source: String) throws { _ = try Expression(source, variables: ["x"], limits: limits) }
        try parse(String(repeating: "(", count: 9) + "x" + String(repeating: ")", count: 9))
        #expect(throws: ParseError.self) {
            try parse(String(repeating: "(", count: 10) + "x" + String(repeating: ")", count: 10))
        }
        #expect(throws: ParseError.self) { try parse(String(repeating: "-", count: 30) + "x") }
        #expect(throws: ParseError.self) {
            try parse(Array(repeating: "x", count: 12).joined(separator: "^"))
        }
        try parse(Array(repeating: "x", count: 25).joined(separator: "+"))
        #expect(throws: ParseError.self) { try parse(Array(repeating: "x", count: 26).joined(separator: "+")) }
    }

    @Test func textAtTheLimitsIsReadWithoutExhaustingAStack() throws {
        let long = Array(repeating: "x", count: 1024).joined(separator: "+")
        #expect(try value(long, x: 1) == 1024)
        let deep = String(repeating: "sin(", count: 99) + "x" + String(repeating: ")", count: 99)
        #expect(try value(deep, x: 0) == 0)
    }

    @Test func variablesMustBeNamesOfTheirOwn() {
        for name in ["x", "z1", "_", "mu", "E"] { #expect(Expression.isUsable(variable: name)) }
        for name in ["", "sin", "pi", "e", "1x", "a b", "a+b", "π", "2"] {
            #expect(!Expression.isUsable(variable: name))
        }
    }
}
