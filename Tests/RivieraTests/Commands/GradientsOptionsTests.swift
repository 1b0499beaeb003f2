import API
import ArgumentParser
import Riviera
import Testing

@Suite struct GradientsOptionsTests {
    private func request(_ arguments: [String]) throws -> String {
        let json = try GradientsOptions.parse(arguments).request
        return String(decoding: JSONWriter.write(json, .line).dropLast(), as: UTF8.self)
    }

    @Test func withoutFlagsEverythingIsLeftToTheEndpoint() throws {
        #expect(try request([]) == "{}")
    }

    @Test func flagsBecomeTheEndpointsFields() throws {
        #expect(
            try request([
                "--f", "x^2", "--r", "mu", "--estimators", "log_derivative,measure_valued",
                "--iterations", "10", "--batch", "3", "--learning-rate", "1e-3", "--mu", "-1",
                "--sigma", "2", "--every", "5", "--seed", "7",
            ]) == #"{"f":"x^2","r":"mu","estimators":["log_derivative","measure_valued"],"iterations":10,"#
                + #""batch":3,"learning_rate":0.001,"mu":-1,"sigma":2,"every":5,"seed":7}"#)
    }

    @Test func valuesMayBeginWithAMinus() throws {
        #expect(try request(["--f", "-x^2", "--mu", "-.5e0"]) == #"{"f":"-x^2","mu":"-.5e0"}"#)
    }

    @Test func anExpressionThatIsANumberStaysText() throws {
        #expect(try request(["--f", "3"]) == #"{"f":"3"}"#)
    }
}
