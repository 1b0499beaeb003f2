import API
import SeededRandom
import Testing

@Suite struct MultipartParserTests {
    /// The parts of a body that comes in pieces of this size: the value of each one's Content-Disposition, and its content.
    private func parts(_ body: [UInt8], boundary: String = "b", pieces size: Int = .max) throws -> [(String, [UInt8])]?
    {
        var parser = MultipartParser(boundary: boundary, mostParts: 8, mostHeadBytes: 200)
        var parts: [(String, [UInt8])] = [], rest = body[...], hasEnded = false
        while !rest.isEmpty {
            parser.append(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
            while let event = try parser.next() {
                #expect(!hasEnded)
                switch event {
                case .part(let fields):
                    parts.append((fields.first { $0.name == "content-disposition" }?.value ?? "", []))
                case .content(let bytes):
                    #expect(!bytes.isEmpty && !parts.isEmpty)
                    parts[parts.count - 1].1 += bytes
                case .end: hasEnded = true
                }
            }
        }
        #expect(parser.isAtEnd == hasEnded)
        return hasEnded ? parts : nil
    }

    private func body(_ text: String) -> [UInt8] { Array(text.replacing("\n", with: "\r\n").utf8) }

    @Test(arguments: [1, 2, 3, 5, 17, .max])
    func partsComeWholeInPiecesOfEverySize(size: Int) throws {
        let text = body(
            "preamble\n--b \t\nContent-Disposition: form-data; name=\"a\"\nX: y\n\none\n--c\n\n--b\ncontent-disposition:x\n\n\n--b--epilogue\n--b\n"
        )
        let parts = try #require(try parts(text, pieces: size))
        #expect(parts.map(\.0) == ["form-data; name=\"a\"", "x"])
        #expect(parts.map { String(decoding: $0.1, as: UTF8.self) } == ["one\r\n--c\r\n", ""])
    }

    /// Contents of any bytes, what looks like a delimiter among them, come back.
    @Test func whateverTheContentIs() throws {
        var random = SplitMix64(seed: 21)
        let alphabet = Array("\r\n--bx".utf8)
        for _ in 0..<500 {
            let boundary = String(repeating: "b", count: 1 + Int(random.next() % 4))
            let contents = (0..<Int(random.next() % 4)).map { _ -> [UInt8] in
                (0..<Int(random.next() % 40)).map { _ in alphabet[Int(random.next() % UInt64(alphabet.count))] }
            }.filter { ([0x0D, 0x0A] + $0).firstRange(of: Array("\r\n--\(boundary)".utf8)) == nil }
            let text =
                contents.flatMap { Array("--\(boundary)\r\nA: b\r\n\r\n".utf8) + $0 + [0x0D, 0x0A] }
                + Array("--\(boundary)--".utf8)
            let parts = try parts(text, boundary: boundary, pieces: 1 + Int(random.next() % 9))
            #expect(parts?.map(\.1) == contents)
        }
    }

    @Test func aPartMayBeNothingButItsHead() throws {
        let parts = try parts(body("--b\nContent-Disposition: x\n\n--b\nContent-Disposition: y\n\nz\n--b--"))
        #expect(parts?.map(\.0) == ["x", "y"] && parts?.map(\.1) == [[], Array("z".utf8)])
    }

    @Test func aFormMayHaveNoParts() throws {
        #expect(try parts(body("--b--"))?.isEmpty == true)
    }

    @Test(arguments: [
        "", "x", "--", "--b", "--b\n", "--b\nA: b\n\nx", "--b\nA: b\n\nx\n--", "--b\nA: b\n\nx\n--b", "--c--", " --b--",
    ])
    func whatIsCutOffDoesNotEnd(text: String) throws {
        #expect(try parts(body(text)) == nil)
    }

    @Test(arguments: [
        "--bx\n\n--b--", "--b\nno field\n\n--b--", "--b\n: x\n\n--b--", "--b\nA: b\n folded\n\n--b--",
    ])
    func whatIsBrokenIsRefused(text: String) {
        for size in [1, .max] {
            let problem = #expect(throws: Problem.self) { try parts(body(text), pieces: size) }
            #expect(problem?.status.code == 400)
        }
    }

    @Test func linesEndWithBoth() {
        for text in ["--b\nA: b\n\nx\n--b--", "--b\r\nA: b\n\r\nx\r\n--b--", "--b\r\nA: b\rx\r\n\r\n--b--"] {
            #expect(throws: Problem.self) { try parts(Array(text.utf8)) }
        }
    }

    @Test func partsAndHeadsAreLimited() {
        let many = String(repeating: "--b\nA: b\n\nx\n", count: 9) + "--b--"
        let long = "--b\nA: " + String(repeating: "x", count: 300)
        let fields = "--b\n" + String(repeating: "A: b\n", count: 100)
        let padding = "--b" + String(repeating: " ", count: 300)
        for text in [many, long, fields, padding] {
            for size in [1, .max] {
                let problem = #expect(throws: Problem.self) { try parts(body(text), pieces: size) }
                #expect(problem?.status.code == 413)
            }
        }
    }

    /// Whatever comes, the parser ends, and says the same however it came.
    @Test func noise() {
        var random = SplitMix64(seed: 4)
        let words =
            ["--b", "\r\n", "--", "A: b", "\r", "\n", " ", "x", ":", "\r\n\r\n", "\u{e9}", "--b--"].map {
                Array($0.utf8)
            } + [[0xFF]]
        for _ in 0..<3000 {
            let text = (0..<Int(random.next() % 20)).flatMap { _ in words[Int(random.next() % UInt64(words.count))] }
            let outcomes = [1, 3, .max].map { size in
                do { return "\(String(describing: try parts(text, pieces: size)))" } catch { return "refused" }
            }
            #expect(Set(outcomes).count == 1, "\(text)")
        }
    }
}
