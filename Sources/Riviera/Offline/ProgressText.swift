import API
import Glibc

/// What a line of a stream tells a person who is waiting.
package enum ProgressText {
    /// `[=====>    ]  52 % of 3000 gamblers: 2.394e-06 ± 4.3e-08`, `sampling, 24000 evaluations: 0.002217 ± 0.0001`, or
    /// `iteration 120: 2011.3 nats`.
    package static func of(_ state: JSON) -> String {
        if let iteration = state["iteration"]?.double {
            let text = "iteration \(Int(exactly: iteration) ?? 0)"
            guard let value = state["log_likelihood"]?.double else { return text }
            return "\(text): \((value * 10).rounded() / 10) nats"
        }
        if let stage = state["stage"]?.text, let evaluations = state["evaluations"]?.double {
            return "\(stage), \(Int(exactly: evaluations) ?? 0) evaluations" + estimate(state)
        }
        let gamblers = state["gamblers"]?.double ?? 0
        var text = "\(Int(exactly: gamblers) ?? 0) gamblers"
        if let all = state["of"]?.double, all > 0 {
            let width = 30, done = min(Int(exactly: (gamblers / all * Double(width)).rounded(.down)) ?? 0, width)
            let percent = Int(exactly: (gamblers / all * 100).rounded(.down)) ?? 0
            text =
                "[" + String(repeating: "=", count: done) + String(repeating: " ", count: width - done)
                + "] \(percent) % of \(Int(exactly: all) ?? 0) gamblers"
        }
        return text + estimate(state)
    }

    private static func estimate(_ state: JSON) -> String {
        guard let estimate = state["estimate"]?.double else { return "" }
        let error = state["standard_error"]?.double.map { " ± \(short($0))" }
        return ": \(short(estimate))\(error ?? "")"
    }

    /// Four digits: more would change with every line.
    private static func short(_ value: Double) -> String {
        guard value != 0, value.isFinite else { return value == 0 ? "0" : "\(value)" }
        let exponent = Int(exactly: log10(abs(value)).rounded(.down)) ?? 0
        guard exponent < -3 || exponent > 5 else { return "\((value * 1e6).rounded() / 1e6)" }
        return "\((value / pow(10, Double(exponent)) * 1000).rounded() / 1000)e\(exponent)"
    }
}
