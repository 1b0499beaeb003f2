import Expressions
import GradientEstimation

/// The fields of `/gradients`, in a query or in a JSON object.
struct GradientFields: Sendable {
    /// iterations × batch × estimators, at most.
    let maximumDraws: Int
    let f = Field.expression(
        "f", of: GradientSpecification.variableOfF, default: "x*sin(x)",
        "The function whose mean under the normal distribution is minimized, in x.")
    let r = Field.expression(
        "r", of: GradientSpecification.variablesOfR, default: "(mu-1)^2/2 + sigma - log(sigma)",
        "The regularizer added to it, in mu and sigma.")
    let estimators: Field<[EstimatorKind]> = .choices(
        "estimators", default: [.logDerivative, .reparameterization],
        "Which gradient estimators descend, from the same random draws.")
    let iterations: Field<Int>
    let batch: Field<Int>
    let learningRate: Field<Double> = .number(
        "learning_rate", in: Positive(), default: 0.01, "The length of a step relative to the gradient.")
    let mu: Field<Double> = .number("mu", default: 0, "The mean at the start.")
    let sigma: Field<Double> = .number("sigma", in: Positive(), default: 1, "The standard deviation at the start.")
    let every: Field<Int> = .integer(
        "every", in: 1...Int.max, default: 10,
        "Keep every nth point of a path, where n is this number; the first and the last are always kept.")
    let seed = Field.seed()

    init(maximumDraws: Int) {
        self.maximumDraws = maximumDraws
        iterations = .integer(
            "iterations", in: 1...Int.max, documented: 1...max(maximumDraws, 1), default: 10_000, example: 2000,
            "Steps of each descent; iterations × batch × estimators is at most \(maximumDraws).")
        batch = .integer(
            "batch", in: 1...Int.max, documented: 1...max(maximumDraws, 1), default: 300,
            "Random draws of x for each step.")
    }

    /// In the order of the contract, which `reproduce` keeps.
    var all: [Property] {
        [
            f.property, r.property, estimators.property, iterations.property, batch.property, learningRate.property,
            mu.property, sigma.property, every.property, seed.property,
        ]
    }
}
