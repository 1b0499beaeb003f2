import API
import ArgumentParser

/// The fields of the endpoint `/gradients`, by their names there. What may begin with a minus is
/// taken for a value even then.
package struct GradientsOptions: ParsableArguments {
    package init() {}

    @Option(parsing: .unconditional, help: "Expression in x whose expectation is minimized. Default x*sin(x).")
    var f: String?
    @Option(
        parsing: .unconditional,
        help: "Expression in mu and sigma that is added to it. Default (mu-1)^2/2 + sigma - log(sigma).")
    var r: String?
    @Option(
        help: ArgumentHelp(
            "Some of log_derivative, reparameterization, log_derivative_baseline, measure_valued. Default the first two.",
            valueName: "a,b,…"))
    var estimators: String?
    @Option(help: "Steps of each descent. Default 10000.")
    var iterations: String?
    @Option(help: "Draws per step. Default 300.")
    var batch: String?
    @Option(name: .customLong("learning-rate"), help: "Length of a step, as a multiple of the gradient. Default 0.01.")
    var learningRate: String?
    @Option(parsing: .unconditional, help: "Mean at the start. Default 0.")
    var mu: String?
    @Option(help: "Standard deviation at the start. Default 1.")
    var sigma: String?
    @Option(help: "Keep every n-th point of a trace. Default 10.")
    var every: String?
    @Option(help: "Makes the draws repeatable. By default one is chosen and reported.")
    var seed: String?

    /// What the flags say, as the endpoint's request object.
    package var request: JSON {
        var fields: [(name: String, value: JSON)] = []
        if let f { fields.append(("f", .string(f))) }
        if let r { fields.append(("r", .string(r))) }
        if let estimators {
            let names = estimators.split(separator: ",", omittingEmptySubsequences: false)
            fields.append(("estimators", .array(names.map { .string(String($0)) })))
        }
        let numbers = [
            ("iterations", iterations), ("batch", batch), ("learning_rate", learningRate), ("mu", mu),
            ("sigma", sigma), ("every", every), ("seed", seed),
        ]
        for (name, text) in numbers {
            if let text { fields.append((name, JSON(flag: text))) }
        }
        return .object(fields)
    }
}
