import API
import ArgumentParser
import Riviera
import Streams
import Testing

@Suite struct CommandRequestTests {
    private func request<Kind: EndpointKind>(_ kind: Kind.Type, _ arguments: [String]) throws -> CommandRequest {
        try CommandRequest(try FieldFlags<Kind>.parse(arguments), shape: nil)
    }

    private func body<Kind: EndpointKind>(_ kind: Kind.Type, _ arguments: [String]) throws -> String {
        let json = try #require(try request(kind, arguments).body)
        return String(decoding: JSONWriter.write(json, .line).dropLast(), as: UTF8.self)
    }

    @Test func withoutFlagsEverythingIsLeftToTheEndpoint() throws {
        #expect(try body(GradientsEndpoint.self, []) == "{}")
        #expect(try request(RuinEndpoint.self, []).target() == "/ruin")
        let file = try TemporaryFile("[0]")
        #expect(try body(InpaintEndpoint.self, [file.path]) == #"{"image":[0]}"#)
    }

    @Test func flagsBecomeTheBodysFieldsWithTheirTypes() throws {
        #expect(
            try body(
                GradientsEndpoint.self,
                [
                    "--f", "x^2", "--r", "mu", "--estimators", "log_derivative,measure_valued",
                    "--iterations", "10", "--batch", "3", "--learning-rate", "1e-3", "--mu", "-1",
                    "--sigma", "2", "--every", "5", "--seed", "7",
                ])
                == #"{"f":"x^2","r":"mu","estimators":["log_derivative","measure_valued"],"iterations":10,"#
                + #""batch":3,"learning_rate":0.001,"mu":-1,"sigma":2,"every":5,"seed":7}"#)
        #expect(
            try body(
                EvidenceEndpoint.self, ["--log_h", "-z1^2", "--mean=-1,0.5", "--log_std", "[0, -1]", "--samples", "9"])
                == #"{"log_h":"-z1^2","mean":[-1,0.5],"log_std":[0,-1],"samples":9}"#)
        #expect(
            try body(
                ProjectEndpoint.self, ["--point", "3,2", "--constraints", #"{"simplex":1}"#])
                == #"{"point":[3,2],"constraints":{"simplex":1}}"#)
    }

    @Test func valuesMayBeginWithAMinusAndNumbersMayBeFractions() throws {
        #expect(try body(GradientsEndpoint.self, ["--f", "-x^2", "--mu", "-1/2"]) == #"{"f":"-x^2","mu":-0.5}"#)
    }

    @Test func anExpressionThatIsANumberStaysText() throws {
        #expect(try body(GradientsEndpoint.self, ["--f", "3"]) == #"{"f":"3"}"#)
    }

    @Test func whatHasAWordOrANumberTakesBoth() throws {
        #expect(try body(GradientsEndpoint.self, ["--sigma", "wide"]) == #"{"sigma":"wide"}"#)
        let start = ["--f", "x", "--variables", "x", "--start", "0", "--step_size"]
        #expect(try body(MaximizeEndpoint.self, start + ["auto"]).hasSuffix(#""step_size":"auto"}"#))
        #expect(try body(MaximizeEndpoint.self, start + ["0.1"]).hasSuffix(#""step_size":0.1}"#))
    }

    @Test func aQueryIsWrittenAsItIsGiven() throws {
        #expect(
            try request(RuinEndpoint.self, ["--p", "18/37", "--outcomes", "35:1/37,-1:36/37", "--n", "1e3"]).target()
                == "/ruin?n=1e3&p=18/37&outcomes=35:1/37,-1:36/37")
    }

    @Test func drawingsOptionsGoWithPicturesOnly() throws {
        let request = try request(SampleEndpoint.self, ["--scale", "4", "--seed", "1"])
        #expect(request.target() == "/sample?seed=1")
        #expect(request.target(isPicture: true) == "/sample?seed=1&scale=4")
    }

    @Test func flagsOverrideTheFieldsOfARequest() throws {
        let file = try TemporaryFile(#"{"image":[0],"seed":1}"#), truth = try TemporaryFile("[0.5]")
        #expect(
            try body(InpaintEndpoint.self, [file.path, "--seed", "2", "--truth", truth.path])
                == #"{"image":[0],"seed":2,"truth":[0.5]}"#)
        let problem = try TemporaryFile(#"{"point":[1,1],"constraints":{"simplex":1}}"#)
        #expect(
            try body(ProjectEndpoint.self, ["--request", problem.path, "--point", "@\(truth.path)"])
                == #"{"point":[0.5],"constraints":{"simplex":1}}"#)
    }

    @Test func brokenJSONNamesItsFlag() throws {
        let error = #expect(throws: FileError.self) {
            try request(ProjectEndpoint.self, ["--point", "1", "--constraints", "[{]"])
        }
        #expect(
            error?.description.hasPrefix("--constraints is no JSON") == true
                || error?.description.hasPrefix("--constraints:") == true)
    }
}
