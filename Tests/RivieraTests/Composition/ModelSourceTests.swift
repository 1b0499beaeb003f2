import Compute
import Fixtures
import Riviera
import Testing

@Suite struct ModelSourceTests {
    /// A model in a file of its own.
    private func file(_ model: SmallConvolutionalModel) throws -> TemporaryFile {
        let file = try TemporaryFile()
        try model.write(to: file.path)
        return file
    }

    private func load(_ text: String) throws -> [ServedModel] {
        try ModelSource.load(ModelSource.all(Settings(flags: ["model.file": text])))
    }

    @Test func aModelHasTheNameThatItIsGivenElseThatOfItsFile() throws {
        let plain = try file(.init()), recorded = try file(.init(metadata: ["name": "mine", "purpose": "Only this."]))
        let own = plain.path.split(separator: "/").last.map(String.init)
        let models = try load("\(plain.path),\(recorded.path),a-1._B=\(plain.path),x=\(recorded.path)")
        #expect(models.map(\.name) == [own, "mine", "a-1._B", "x"])
        #expect(models.map(\.model.name) == models.map(\.name))
        #expect(models[1].purpose == "Only this." && !models[0].purpose.isEmpty)
    }

    /// A folder's name may have an equals sign: it has a slash before it, which names have not.
    @Test func aPathIsNoName() throws {
        let error = #expect(throws: (any Error).self) { try load("/tmp/a=b/c.safetensors") }
        #expect("\(try #require(error))".hasPrefix("/tmp/a=b/c.safetensors: "))
        let named = #expect(throws: (any Error).self) { try load("a=/nowhere/b=c") }
        #expect("\(try #require(named))".hasPrefix("/nowhere/b=c: "))
    }

    @Test func twoOfOneNameAreRefused() throws {
        let plain = try file(.init())
        let error = #expect(throws: SettingError.self) { try load("a=\(plain.path),a=\(plain.path)") }
        #expect(try #require(error).description.contains("called a"))
    }

    @Test func aListInTheFileMayHaveCommasInItsNames() throws {
        let config = try TemporaryFile(#"{"model": {"file": ["a=/x,y.safetensors"]}}"#)
        let error = #expect(throws: (any Error).self) {
            try ModelSource.load(ModelSource.all(Settings(file: config.path)))
        }
        #expect("\(try #require(error))".hasPrefix("/x,y.safetensors: "))
    }

    @Test func whatCannotBeServedIsNamedInOneLine() throws {
        let huge = try file(.init(rows: 4, columns: 4, metadata: ["rows": "4096", "columns": "4096"]))
        let torn = try TemporaryFile("not a model at all"), plain = try file(.init())
        for path in [huge.path, torn.path, "/nowhere", "/dev/null", "/tmp"] {
            let error = #expect(throws: (any Error).self) { try load("good=\(plain.path),bad=\(path)") }
            let line = "\(try #require(error))"
            #expect(line.hasPrefix("\(path): ") && !line.contains("\n"), "\(line)")
        }
        let error = #expect(throws: (any Error).self) { try load("good=\(plain.path),bad=") }
        #expect("\(try #require(error))".contains("“bad=” names no file"))
    }
}
