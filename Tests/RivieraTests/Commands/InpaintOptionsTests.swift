import API
import ArgumentParser
import Riviera
import Testing

@Suite struct InpaintOptionsTests {
    private func request(_ arguments: [String], on base: String = #"{"image":[0]}"#) throws -> String {
        let json = try InpaintOptions.parse(arguments).applied(to: try JSONReader.read(Array(base.utf8)))
        return String(decoding: JSONWriter.write(json, .line).dropLast(), as: UTF8.self)
    }

    @Test func withoutFlagsTheRequestIsTheImage() throws {
        #expect(try request([]) == #"{"image":[0]}"#)
    }

    @Test func flagsBecomeTheEndpointsFields() throws {
        let mask = try TemporaryFile("[1]"), truth = try TemporaryFile("[0.5]")
        #expect(
            try request([
                "--rows", "5:12", "--columns", "5:20", "--mask", mask.path, "--method", "noisy_gradient",
                "--step-size", "auto", "--iterations", "10", "--tolerance", "1e-3", "--initial", "0.5",
                "--seed", "7", "--trace-every", "2", "--truth", truth.path,
            ]) == #"{"image":[0],"mask":[1],"truth":[0.5],"missing":{"rows":[5,12],"columns":[5,20]},"#
                + #""method":"noisy_gradient","step_size":"auto","iterations":10,"tolerance":0.001,"#
                + #""initial":0.5,"seed":7,"trace_every":2}"#)
    }

    @Test func flagsOverrideTheFieldsOfARequest() throws {
        let base = #"{"image":[0],"seed":1,"missing":{"rows":[0,1]}}"#
        #expect(
            try request(["--seed", "2", "--columns", "3:4"], on: base)
                == #"{"image":[0],"seed":2,"missing":{"columns":[3,4]}}"#)
    }

    @Test(arguments: ["5", "5:", ":5", "a:b", "1:2:3", "5-7"])
    func aRangeIsTwoWholeNumbers(text: String) {
        #expect(throws: (any Error).self) { try request(["--rows", text]) }
    }
}
