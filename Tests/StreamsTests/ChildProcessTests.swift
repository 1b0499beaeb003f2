import Streams
import Testing

@Suite struct ChildProcessTests {
    @Test func aConversationIsLineByLine() throws {
        let cat = try ChildProcess("cat", [])
        for word in ["one", "two", ""] {
            cat.send(Array("\(word)\n".utf8))
            #expect(try String(decoding: cat.line(), as: UTF8.self) == word)
        }
        cat.send(Array("rest\nand more".utf8))
        #expect(try String(decoding: cat.finish(), as: UTF8.self) == "rest\nand more")
    }

    @Test func whoIsNotThereOrFailsIsNamed() throws {
        #expect { try ChildProcess("no-such-program-anywhere", []) } throws: {
            "\($0)".contains("no-such-program-anywhere")
        }
        let failing = try ChildProcess("false", [])
        #expect { try failing.finish() } throws: { "\($0)".contains("false") }
        let silent = try ChildProcess("true", [])
        #expect(throws: FileError.self) { try silent.line() }
    }
}
