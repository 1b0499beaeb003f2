import API
import Riviera
import Streams
import Testing

@Suite struct ImageFileTests {
    private let image = GrayscaleImage(
        size: PNG.Size(width: 3, height: 2), samples: [0, 0.2, 0.4, 0.6, 0.8, 1].map { ($0 * 255).rounded() / 255 })

    @Test func aPNGGivesTheRowsThatItShows() throws {
        let file = try TemporaryFile(try PNG.encode(image))
        let rows = try ImageFile(path: file.path).json().elements?.map { $0.elements?.map(\.double) }
        #expect(rows == [Array(image.samples[..<3]), Array(image.samples[3...])])
    }

    /// As in a form: white is missing, and what the image shows as missing stays so, in rows or flat.
    @Test func aMasksWhiteIsMissing() throws {
        let file = try TemporaryFile(try PNG.encode(image))
        func mask(of image: String?) throws -> String {
            let image = try image.map { try JSONReader.read(Array($0.utf8)) }
            let mask = try ImageFile(path: file.path).mask(of: image)
            return String(decoding: JSONWriter.write(mask, .line).dropLast(), as: UTF8.self)
        }
        #expect(try mask(of: nil) == "[[1,1,1],[0,0,0]]")
        #expect(try mask(of: "[[0,null,0],[null,0,0]]") == "[[1,0,1],[0,0,0]]")
        #expect(try mask(of: "[0,null,0,null,0,0]") == "[[1,0,1],[0,0,0]]")
        // The endpoint says what is wrong with it.
        #expect(try mask(of: "[null]") == "[[1,1,1],[0,0,0]]")
    }

    /// Whatever the endpoint says of queries and forms is said of flags and files.
    @Test func problemsAreToldInWordsOfCommands() throws {
        func told(_ detail: String, pointer: String, _ sources: [String]) throws -> String {
            let declaration = try #require(Declaration.standard.first { $0.path == "/ruin/merge" })
            let problem = JSON.object([("detail", .string(detail)), ("pointer", .string(pointer))])
            return OfflineProblem(problem, declaration, sources).description
        }
        #expect(
            try told("Shard 0/2 is repeated: element 0 is the same shard.", pointer: "/1/shard", ["a.json", "b.json"])
                == "Shard 0/2 is repeated: a.json is the same shard. (b.json: shard)")
        #expect(
            OfflineProblem.inWordsOfCommands("Say what is missing (in a query with rows=5:12&columns=5:20).")
                == "Say what is missing (with --rows 5:12 --columns 5:20).")
        #expect(OfflineProblem.inWordsOfCommands("In the part “mask”: no") == "In --mask: no")
    }

    @Test func aMaskIsOpaque() throws {
        var holed = image
        holed.known[1] = false
        let file = try TemporaryFile(try PNG.encode(holed))
        let error = #expect(throws: FileError.self) { try ImageFile(path: file.path).mask(of: nil) }
        #expect(error?.description.hasPrefix("\(file.path): has transparent pixels") == true)
    }

    @Test func jsonComesThroughAsItStands() throws {
        let file = try TemporaryFile("[[0.5, null], [1, 0]]\n")
        for json in [try ImageFile(path: file.path).json(), try ImageFile(path: file.path).mask(of: nil)] {
            #expect(JSONWriter.write(json, .line) == Array("[[0.5,null],[1,0]]\n".utf8))
        }
    }

    @Test func whatIsNeitherIsNamedWithItsFile() throws {
        for bytes in [Array("P5 3 2 255".utf8), Array(try PNG.encode(image).dropLast(20)), []] {
            let file = try TemporaryFile(bytes)
            let error = #expect(throws: FileError.self) { try ImageFile(path: file.path).json() }
            let line = try #require(error).description
            #expect(line.hasPrefix(file.path) && !line.contains("\n"))
        }
    }
}
