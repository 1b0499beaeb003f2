import API
import Glibc
import Riviera
import Testing

@Suite struct ConfigurationFileTests {
    @Test func theShippedFileHoldsEveryKeyWithItsDefaultAndNothingElse() throws {
        let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4).joined(separator: "/")
        guard case .object(let sections) = try ImageFile(path: "\(root)/config/riviera.json").json() else {
            Issue.record("config/riviera.json is an object")
            return
        }
        var values: [(key: String, text: String?)] = []
        for section in sections {
            guard case .object(let fields) = section.value else {
                Issue.record("\(section.name) is an object")
                continue
            }
            for field in fields {
                let number = field.value.double.map { Int(exactly: $0).map(String.init) ?? "\($0)" }
                values.append(("\(section.name).\(field.name)", field.value.text ?? number))
            }
        }
        #expect(values.map(\.key) == Setting.all.map(\.key))
        #expect(values.map(\.text) == Setting.all.map(\.standard))
        // And it is read without complaint.
        _ = try Settings(file: "\(root)/config/riviera.json")
    }

    /// Nobody writes to it: whoever opened it would wait for ever.
    @Test func aNamedPipeIsRefused() throws {
        let file = try TemporaryFile()
        unlink(file.path)
        mkfifo(file.path, 0o600)
        #expect {
            try Settings(file: file.path)
        } throws: {
            "\($0)".contains("\(file.path): is a named pipe")
        }
    }

    @Test(arguments: [
        (#"{"http": {"prt": 1}}"#, "http.prt; did you mean http.port?"),
        (#"{"htp": {"port": 1}}"#, "htp.port; did you mean http.port?"),
        (#"{"http": 1}"#, "http is 1; it must be an object"),
        (#"{"http": null}"#, "http is null; it must be an object"),
        (#"{"http": [{"port": 1}]}"#, "it must be an object"), (#"{"http.port": {"value": 1}}"#, "http.port (set by"),
        (#"{"htp": {}}"#, "htp; did you mean http?"), (#"{"http": {"tls": {}}}"#, "http.tls"),
        (#"{"": {}}"#, "unknown key"), (#"{"": {"http": {"port": 1}}}"#, ".http.port"),
        (#"{"nonsense": null}"#, "nonsense"),
        (#"{"http": {"unix_socket": null}, "http.unix_socket": "a"}"#, "http.unix_socket is set twice"),
        (#"{"http": {"unix_socket_mode": 660}}"#, "in octal digits"),
        (#"{"model": {"file": ["a", ""]}}"#, "model.file"),
        (#"{"http": {"port": 1}, "http.port": 2}"#, "http.port is set twice"),
        (#"{"http": {"port": 1, "port": 2}}"#, "repeated"),
        (#"{"http": {"port": "80"}}"#, "it must be an integer from 0 to 65535"),
        (#"{"http": {"port": 80.5}}"#, "http.port (set by"),
        (#"{"http": {"port": null}}"#, "is null; it must be"),
        (#"{"http": {"host": 7}}"#, "http.host"),
        (#"{"http": {"head_timeout": 0}}"#, "it must be a number from 0.001 to 86400"),
        (#"{"compute": {"threads": "all"}}"#, "or null for the default"),
        (#"{"log": {"level": {"api": "debug"}}}"#, "log.level"),
        (#"{"http": {"port": 1}"#, ":1:21: "),
        ("[]", "an object"), ("", "empty"),
    ])
    func whatIsWrongIsNamedInOneLine(text: String, part: String) throws {
        let file = try TemporaryFile(text)
        let error = #expect(throws: SettingError.self) { try Settings(file: file.path) }
        let line = try #require(error).description
        #expect(line.contains(file.path) && line.contains(part) && !line.contains("\n"), "\(line)")
    }

    @Test func aMissingFileIsNamed() throws {
        let error = #expect(throws: SettingError.self) { try Settings(file: "/nowhere/riviera.json") }
        #expect(try #require(error).description.contains("/nowhere/riviera.json"))
    }

    @Test func nullIsNoValueWhereThereIsNoDefault() throws {
        let file = try TemporaryFile(
            #"{"compute": {"threads": null}, "log": {}, "model.file": null, "api": {"deadline": 1e1}}"#)
        let settings = try Settings(file: file.path)
        #expect(settings.int(ifSet: "compute.threads") == nil)
        #expect(settings.string(ifSet: "model.file") == nil)
        #expect(settings.duration("api.deadline") == .seconds(10))
    }
}
