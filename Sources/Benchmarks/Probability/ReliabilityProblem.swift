import API
import Expressions
import RareEvents
import Statistics

/// A limit state of the literature on structural reliability, with its probability.
package struct ReliabilityProblem: Sendable {
    /// As in the benchmark repository of TNO's black-box reliability challenge (Rózsás, Slobbe, 2019), whose problems
    /// are called RP and a number.
    package let name: String
    package let g: String
    /// `x1=normal:0:1,x2=normal:0:1`
    package let variables: String
    /// P(g ≤ 0). By quadrature where there are two variables, a sum of exponentials or normals; otherwise
    /// the mean of 4·10⁷ draws, with its standard error: some published values are off by up to 5 %.
    package let truth: Double
    package let truthError: Double

    private init(_ name: String, _ g: String, _ variables: String, _ truth: Double, error: Double = 0) {
        self.name = name
        self.g = g
        self.variables = variables
        self.truth = truth
        truthError = error
    }

    package static let all: [ReliabilityProblem] = [
        .init(
            "RP8", "x1+2*x2+2*x3+x4-5*x5-5*x6",
            named("x", 1...4, "lognormal:120:12") + ",x5=lognormal:50:10,x6=lognormal:40:8",
            7.847833333333333e-4, error: 3.6e-6),
        .init(
            "RP14", "x1-32/(pi*x2^3)*sqrt(x3^2*x4^2/16+x5^2)",
            "x1=uniform:70:80,x2=normal:39:0.1,x3=gumbel:1500:350,x4=normal:400:0.1,x5=normal:250000:35000",
            7.74025e-4, error: 4.4e-6),
        .init("RP22", "2.5-1/sqrt(2)*(x1+x2)+0.1*(x1-x2)^2", plane, 0.004207305435143238),
        .init("RP25", "max(x1^2-8*x2+16,-16*x1+x2+32)", plane, 4.1485829625037465e-05),
        .init("RP31", "2-x2+256*x1^4", plane, 0.003226681209587694),
        .init(
            "RP33", "min(-x1-x2-x3+3*sqrt(3),-x3+3)", named("x", 1...3, "normal:0:1"), 0.002563625, error: 8.0e-6),
        .init("RP35", "min(2-x2+exp(-0.1*x1^2)+(0.2*x1)^4,4.5-x1*x2)", plane, 0.003478946343337439),
        .init(
            "RP53", "sin(5*x1/2)+2-(x1*x1+4)*(x2-1)/20", "x1=normal:1.5:1,x2=normal:2.5:1", 0.03132048568668208),
        .init(
            "RP54", (1...20).map { "x\($0)" }.joined(separator: "+") + "-8.951", named("x", 1...20, "exponential:1"),
            0.0009906030725172171),
        .init("RP75", "3-x1*x2", plane, 0.009819298721546755),
        .init("RP111", "12.5-abs(x1*x2)", plane, 8.035085964959443e-07),
        fourBranches,
        .init("R-S", "r-s", "r=normal:4:1,s=normal:2:1", 0.07864960352514205),
    ]

    /// Those whose g is timed: sums of six variables, a quotient of seven, minima of two.
    package static let timed: [ReliabilityProblem] = [
        all[0],
        .init(
            "RP38",
            "15.59e4-x1*x2^3/(2*x3^3)*((x4^2-4*x5*x6*x7^2+x4*(x6+4*x5+2*x6*x7))/(x4*x5*(x4+x6+2*x6*x7)))",
            "x1=normal:350:35,x2=normal:50.8:5.08,x3=normal:3.81:0.381,x4=normal:173:17.3,x5=normal:9.38:0.938,"
                + "x6=normal:33.1:3.31,x7=normal:0.036:0.0036", .nan),
        fourBranches,
    ]

    private static let fourBranches = ReliabilityProblem(
        "four-branch",
        "min(3+0.1*(x1-x2)^2-(x1+x2)/sqrt(2),3+0.1*(x1-x2)^2+(x1+x2)/sqrt(2),x1-x2+7/sqrt(2),x2-x1+7/sqrt(2))",
        plane, 0.0022227950876118024)

    private static let plane = "x1=normal:0:1,x2=normal:0:1"

    private static func named(_ name: String, _ range: ClosedRange<Int>, _ distribution: String) -> String {
        range.map { "\(name)\($0)=\(distribution)" }.joined(separator: ",")
    }

    /// Names with their distributions.
    var inputs: [(name: String, distribution: any ContinuousDistribution)] {
        get throws {
            try variables.split(separator: ",").compactMap { part in
                let sides = part.split(separator: "="), parts = sides[1].split(separator: ":")
                guard let family = DistributionFamily(rawValue: String(parts[0])) else { return nil }
                return (String(sides[0]), try family.distribution(parts.dropFirst().compactMap { Double($0) }))
            }
        }
    }

    /// The limit state, compiled.
    var function: ExpressionLimitState {
        get throws { ExpressionLimitState(try Expression(g, variables: try inputs.map(\.name))) }
    }

    var problem: LimitStateProblem {
        get throws { try LimitStateProblem(try function, of: try RandomInputs(try inputs)) }
    }

    /// For the peers: name, g and variables, separated by tabs.
    var line: String { [name, g, variables].joined(separator: "\t") }
}
