/// What the sweep puts in the place of a field's value.
package enum SweepValues {
    /// The ends of fields' ranges; the sweep tries each, what is just inside and what is just outside.
    static let bounds = SweepBounds.declared.merging(undeclared) { $0 + $1 }

    /// Ends that no declaration states: those of the test model's images, and what depends on other fields.
    private static let undeclared: [String: [Double]] = [
        "start": [0], "goal": [0], "deadline": [0, 1e300], "mask": [0, 1], "step_size": [0], "rows": [0, 4],
        "columns": [0, 4], "mu": [-1e300, 1e300], "log_std": [-745, 710], "scale[]": [0], "count": [0, 10],
        "hits": [0, 10], "permutation": [1], "games": [1, 10], "position": [3], "fixed": [-1e308, 1e308],
    ]

    /// Numbers at the edges of what programs hold.
    package static let numbers = [
        "0", "-0", "1", "-1", "2", "0.5", "5e-324", "-5e-324", "2.2250738585072014e-308", "1e-300", "1e-16",
        "0.9999999999999999", "1.0000000000000002", "0.9999999", "1e15", "5e15", "1e16", "1e22", "1e23",
        "255", "256", "65504", "65536", "2147483647", "2147483648", "4294967295", "4294967296",
        "9007199254740991", "9007199254740992", "9007199254740993", "9223372036854775807",
        "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "18446744073709551615",
        "18446744073709551616", "1.8446744073709551616", "3.4028235e38", "3.5e38", "1e100", "-1e100", "1e154",
        "1e155", "1e300", "-1e300", "1e308", "-1e308", "1.7976931348623157e308", "1e400", "-1e400", "1e-400",
        "0.1e1", "1E5", "00", "1.", ".5", "+1", "1e", "0x10", "NaN", "nan", "-nan", "inf", "-inf", "Infinity",
        "1/0", "0/0", "1/3", "18/37", "1/1e-320", "1e308/1e-308", "3:1", "0:0", "1:3", "-1:2", "1/2", "0/1", "2/2",
        "18446744073709551615/18446744073709551615", "0/18446744073709551615", "999/1000",
    ]

    /// Texts that are short, long, and strange.
    package static let texts = [
        "", " ", "auto", "a", "given", "paper", "mean", "noise", "conditional_mean", "posterior", "naive", "importance",
        "zero_variance", "noisy_gradient", "log_derivative", "measure_valued", "sticking_the_landing", "true",
        "false", "tanh", "relu", "x", "x*sin(x)", "exp(exp(x))", "1/x", "log(x)", "x^x", "sqrt(-1)", "1/z1",
        "exp(z1^2)", "-z1^2/2", "mu/sigma", "x^1e308", "1e308*x", "(((((((((x", "x+", "35:1/37,-1:36/37",
        "1:0.5", "9223372036854775807:0.5,-9223372036854775808:0.5", "0:1", "1:1e-320,-1:1",
        "normal:0:0", "normal:1e308:1e308", "uniform:-1e308:1e308", "lognormal:1e-300:1e-300", "student_t:0.1",
        "x[1:20]",
        "beta:1e-3:1e6", "weibull:1e300:0.05", "gumbel:0:5e-324", "if(x1<x2,1,0)", "x1=normal:0:1,x2=normal:0:1",
        "1/x1",
        "1:0.999999999999,-1:1e-12", "\u{0}", "\u{1f600}", "é", "e\u{301}", "~/", "~\u{301}/\u{323}", "\"", "\\",
        "a=b&c", "%", "<script>", String(repeating: "a", count: 300), String(repeating: "(", count: 300),
        String(repeating: "x+", count: 200) + "x",
        "a" + String(repeating: "\u{301}\u{323}", count: 100),
    ]

    /// Values of every type, as JSON.
    package static let literals = [
        "null", "true", "false", "\"\"", "\"1\"", "[]", "{}", "[[]]", "[{}]", "[null]", "[1]", "[1,2]", "[\"x\"]",
        "[1,null]", "[[1],[1,2]]", "[[[1]]]", "{\"a\":1}", "{\"rows\":[0,1]}", "{\"min\":2,\"max\":1}",
        "{\"fixed\":0}", "{\"ball\":{\"center\":[0,0],\"radius\":0}}", "{\"simplex\":0}",
        "{\"half_space\":{\"normal\":[0,0],\"offset\":-1}}", "{\"a\":1,\"a\":2}", "{\"é\":1,\"e\\u0301\":2}",
        "[1e308,1e308]", "[-1e308,1e308]", "[5e-324]", "\"\\ud800\"", "\"\\u0000\"", "nul", "[1,]", "01",
    ]

    /// What follows a long text is not to be looked at.
    static func longLiteral(_ generator: inout some RandomNumberGenerator) -> String {
        let count = [1000, 20_000].randomElement(using: &generator) ?? 1000
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: return "\"" + String(repeating: "y", count: count) + "\""
        case 1: return "\"z" + String(repeating: "\u{301}\u{323}", count: count) + "\""
        case 2: return "[" + Array(repeating: "0", count: count).joined(separator: ",") + "]"
        case 3: return "[" + Array(repeating: "[0]", count: count).joined(separator: ",") + "]"
        default: return "0." + String(repeating: "0", count: count) + "1e\(count)"
        }
    }

    /// A number for a field of that name: most often one near its bounds.
    static func number(for name: String, _ generator: inout some RandomNumberGenerator) -> String {
        guard let bound = bounds[name]?.randomElement(using: &generator), Bool.random(using: &generator)
        else { return numbers.randomElement(using: &generator) ?? "0" }
        let near = [bound, bound.nextUp, bound.nextDown, bound + 1, bound - 1, -bound, bound * 2]
        let value = near.randomElement(using: &generator) ?? bound
        return value == value.rounded() && abs(value) < 1e18 ? String(Int(value)) : "\(value)"
    }
}
