import API
import Logging
import Riviera
import Synchronization
import Testing

@Suite struct LineLogHandlerTests {
    private let hostile = "a\nb\r\u{0} \"quoted\" \\ \u{7f} é 😀 \u{80}\u{9b}31m\u{a0}Â\u{9f}\u{c2}\u{80}"

    private func lines(_ format: LogLine.Format, _ body: (Logger) -> Void) -> [String] {
        let written = Mutex<[UInt8]>([])
        var logger = Logger(label: "test") { label in
            LineLogHandler(label: label, level: .info, format: format) { bytes in
                written.withLock { $0 += bytes }
            }
        }
        logger[metadataKey: "always"] = "here"
        body(logger)
        let text = written.withLock { String(decoding: $0, as: UTF8.self) }
        #expect(text.isEmpty || text.hasSuffix("\n"))
        return text.split(separator: "\n").map(String.init)
    }

    @Test(arguments: [LogLine.Format.text, .json])
    func anEventIsOneLineWhateverStandsInIt(format: LogLine.Format) {
        let lines = lines(format) { logger in
            logger.info("\(hostile)", metadata: ["\(hostile)": "\(hostile)"])
            logger.error("second")
        }
        #expect(lines.count == 2)
        for line in lines {
            #expect(line.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
        }
    }

    @Test func belowTheLevelNothingIsWritten() {
        let lines = lines(.text) { logger in
            for level in Logger.Level.allCases { logger.log(level: level, "\(level)") }
        }
        #expect(lines.count == Logger.Level.allCases.count { $0 >= .info })
    }

    @Test func jsonLinesReadBackAsWhatWasLogged() throws {
        let lines = lines(.json) { logger in
            logger.warning(
                "\(hostile)",
                metadata: [
                    "text": "\(hostile)", "number": .stringConvertible(1.5), "count": .stringConvertible(7),
                    "list": ["a", "b"], "map": ["k": "v"],
                ])
        }
        let json = try JSONReader.read(Array(lines[0].utf8))
        #expect(json["level"]?.text == "warning" && json["logger"]?.text == "test")
        #expect(json["message"]?.text == hostile && json["text"]?.text == hostile)
        #expect(json["always"]?.text == "here")
        #expect(json["number"]?.double == 1.5 && json["count"]?.double == 7)
        #expect(json["list"]?.elements?.map(\.text) == ["a", "b"])
        #expect(json["map"]?["k"]?.text == "v")
    }

    @Test func textQuotesWhatAWordCannotSay() {
        let lines = lines(.text) { $0.info("hello", metadata: ["plain": "a/b=1", "two": "a b", "none": ""]) }
        #expect(lines[0].hasSuffix(#" info test: hello always=here none="" plain=a/b=1 two="a b""#))
    }
}
