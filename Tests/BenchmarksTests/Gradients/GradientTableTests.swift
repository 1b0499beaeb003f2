import Benchmarks
import Streams
import Testing

@Suite struct GradientTableTests {
    private let output = """
        {"torch": "2.13", "autograd": {"seconds": 2, "processor_seconds": 3, "final": {"log_derivative": [0.4, 0.6], \
        "reparameterization": [0.5, 0.7]}}, "by_hand": {"seconds": 1, "processor_seconds": 1.5, "final": {}}}
        """

    @Test func thePeersResultBecomesRows() throws {
        let table = GradientTable.table(try GradientTable.peerRows(Array(output.utf8))).description
        #expect(table.contains("| PyTorch 2.13, autograd and SGD"))
        #expect(table.contains("(0.4000, 0.6000)") && table.contains("0.500×"))
    }

    @Test(arguments: ["", "[]", "{}", #"{"torch": "2.13"}"#, "Traceback"]) func anythingElseIsRefused(text: String) {
        #expect(throws: FileError.self) { try GradientTable.peerRows(Array(text.utf8)) }
    }
}
