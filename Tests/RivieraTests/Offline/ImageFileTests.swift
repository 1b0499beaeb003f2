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
        let mask = try ImageFile(path: file.path).mask().elements?.map { $0.elements?.map(\.double) }
        #expect(mask == [[0, 0, 0], [1, 1, 1]])
    }

    @Test func jsonComesThroughAsItStands() throws {
        let file = try TemporaryFile("[[0.5, null], [1, 0]]\n")
        for json in [try ImageFile(path: file.path).json(), try ImageFile(path: file.path).mask()] {
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
