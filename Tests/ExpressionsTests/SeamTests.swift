import Expressions
import Testing

@Suite struct SeamTests {
    private func expression(_ source: String) throws -> Expression { try Expression(source, variables: ["x", "y"]) }

    @Test(
        arguments: [
            ("x*y", []), ("sqrt(x) + sin(y)/x", []), ("abs(x)", [.kink]), ("min(x, y) + max(x, 1)", [.kink, .kink]),
            ("if(x < y, 1, 2)", [.jump]), ("if(x == y, 1, 2)", [.jump, .jump]), ("abs(2) + min(1, 3)", []),
            ("if(1 < 2, x, abs(y))", []), ("abs(x)*abs(x)", [.kink]), ("if(x, 1, 2)", []),
            ("if(max(x, 0), 1, 2)", [.kink]),
        ] as [(String, [Expression.Seam])]) func seamsAreCountedOnce(source: String, seams: [Expression.Seam]) throws
    {
        let expression = try expression(source)
        #expect(expression.seams == seams)
        #expect(expression.isSmooth == seams.isEmpty)
    }

    @Test func aSeamsFunctionChangesItsSignThere() throws {
        for (source, before, after) in [
            ("abs(x - 1)", [0.9, 0], [1.1, 0]), ("min(x, y)", [1, 2], [2, 1]), ("max(x^2, y)", [1, 2], [2, 1]),
            ("if(x*y < 3, 1, 2)", [1, 2.9], [1, 3.1]), ("if(x > y, 1, 2)", [1, 2], [2, 1]),
        ] {
            let expression = try expression(source)
            let workspace = Workspace(expression.program([.seam(0)]), width: 1)
            #expect(try workspace.values(at: before)[0] * workspace.values(at: after)[0] < 0, "\(source)")
        }
    }

    @Test func mentionedVariablesAreThoseInTheText() throws {
        let expression = try Expression("x1*0 + if(1, 2, x3)", variables: ["x1", "x2", "x3"])
        #expect((0..<3).map(expression.mentions) == [true, false, true])
    }
}
