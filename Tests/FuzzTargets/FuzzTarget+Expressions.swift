import Expressions

extension FuzzTarget {
    /// An expression has one value at a point, whether it is computed alone or with its derivatives, and no error
    /// points outside its text.
    static func evaluate(_ bytes: [UInt8]) throws(Finding) {
        let source = String(decoding: bytes, as: UTF8.self)
        let expression: Expression
        do throws(ParseError) {
            expression = try Expression(source, variables: ["x", "y"])
        } catch {
            guard 0...source.utf8.count ~= error.position else { throw Finding("an error at \(error.position)") }
            return
        }
        for index in expression.seams.indices { _ = expression.program([.seam(index)]) }
        let alone = Workspace(expression.program([.value]), width: 1)
        let derivatives = Workspace(
            expression.program([.value, .derivative(0), .derivative(1), .secondDerivative(0, 1)]), width: 1)
        for point in [[0.0, 0.0], [1.5, -2.25], [-1e300, 1e-300]] {
            for workspace in [alone, derivatives] {
                for (index, value) in point.enumerated() { workspace.input(index)[0] = value }
                workspace.evaluate(count: 1)
            }
            let (one, other) = (alone.output(0)[0], derivatives.output(0)[0])
            guard one.bitPattern == other.bitPattern || (one.isNaN && other.isNaN) else {
                throw Finding("\(one) alone, \(other) with derivatives")
            }
            if !one.isFinite, alone.program.firstFailure(at: point) == nil {
                throw Finding("\(one) without a failure that explains it")
            }
        }
    }

    static let sources: [[UInt8]] = [
        "x*sin(x)", "(x-1)^2/2 + y - log(y)", "min(abs(x), 3e-2) + max(y, pi) - sigmoid(x*y)^-2",
        "softplus(tanh(erf(sqrt(exp(cos(x))))))", "-x^y^2", "((x))+.5", "1.5e308*10*e",
        "if(x < y <= 1 and not y == 0 || log(x) != 2, x, -y/x)*3",
    ].map { Array($0.utf8) }
}
