import API
import Statistics
import Testing

@Suite struct JSONWriterTests {
    private func text(_ value: JSON, _ layout: JSONWriter.Layout = .line) -> String {
        String(decoding: JSONWriter.write(value, layout), as: UTF8.self)
    }

    @Test func everyDoubleReadsBackAsItself() throws {
        var generator = PhiloxGenerator(Philox(seed: 21))
        let values = (0..<5000).map { _ in Double(bitPattern: generator.next()) }
            .filter(\.isFinite) + [0, -0.0, 1, 1e15, 1e16, 1e17, 0.1, 5e-324, 3000, -2]
        let back = try #require(
            try JSONReader.read(JSONWriter.write(.numbers(values), .line)).elements)
        #expect(back.map { $0.double?.bitPattern } == values.map(\.bitPattern))
    }

    @Test func singlesReadBackAsThemselves() throws {
        var generator = PhiloxGenerator(Philox(seed: 22))
        let values = (0..<5000).map { _ in Float(bitPattern: UInt32(truncatingIfNeeded: generator.next())) }
            .filter(\.isFinite)
        let back = try #require(
            try JSONReader.read(JSONWriter.write(.singles(values), .line)).elements)
        #expect(back.map { Float($0.double ?? .nan).bitPattern } == values.map(\.bitPattern))
    }

    @Test func wholeNumbersHaveNoPoint() {
        #expect(text(.numbers([1, 0, -3, 0.5])) == "[1,0,-3,0.5]\n")
        #expect(text(.integer(7)) == "7\n")
    }

    @Test func stringsAreEscaped() throws {
        let string = "a\"b\\c\n\t\u{1}é😀"
        let written = text(.string(string))
        #expect(written == "\"a\\\"b\\\\c\\n\\t\\u0001é😀\"\n")
        guard case .string(let back) = try JSONReader.read(Array(written.utf8)) else {
            Issue.record("no string")
            return
        }
        #expect(back == string)
    }

    @Test func aPageHasAFieldAndARowOfNumbersALine() {
        let value = JSON.object([
            ("image", .array([.numbers([0, 1]), .numbers([0.5, 0])])),
            ("log_likelihood", .object([("initial", .number(1)), ("final", .null)])),
            ("empty", .array([])),
        ])
        #expect(text(value, .page) == """
            {
              "image": [
                [0,1],
                [0.5,0]
              ],
              "log_likelihood": {"initial":1,"final":null},
              "empty": []
            }

            """)
        #expect(text(value) == """
            {"image":[[0,1],[0.5,0]],"log_likelihood":{"initial":1,"final":null},"empty":[]}

            """)
    }

    /// No caller means to write one, and a client is better served by null than by the end of the process.
    @Test func whatIsNotFiniteIsNull() {
        let value = JSON.object([
            ("a", .number(.nan)), ("b", .numbers([1, .infinity, -.infinity])), ("c", .singles([.nan])),
            ("d", .optionals([1, nil, .nan])),
        ])
        #expect(text(value) == "{\"a\":null,\"b\":[1,null,null],\"c\":[null],\"d\":[1,null,null]}\n")
    }

    @Test(arguments: [1, 10, 1000])
    func piecesMakeUpTheWhole(size: Int) {
        let value = JSON.object([
            ("rows", .rows((0..<60).map(Double.init), columns: 6)), ("empty", .numbers([])),
            ("flat", .numbers((0..<1000).map { Double($0) / 7 })), ("text", .string("x")),
            ("nested", .array([.object([]), .object([("a", .array([.array([]), .null]))])])),
        ])
        for layout in [JSONWriter.Layout.line, .page] {
            var writer = JSONWriter(value, layout), whole: [UInt8] = []
            while let piece = writer.piece(size) { whole += piece }
            #expect(whole == JSONWriter.write(value, layout))
        }
    }
}
