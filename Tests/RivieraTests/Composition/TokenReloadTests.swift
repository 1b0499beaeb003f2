import API
import Glibc
import Logging
import Riviera
import Streams
import Synchronization
import Testing

@Suite struct TokenReloadTests {
    private static let first = "first-0123456789abcdef", second = "second-0123456789abcdef"

    private let file: TemporaryFile
    private let log = CollectedLog()

    init() throws {
        file = try TemporaryFile("\(Self.first)\n\(Self.second)\n")
        chmod(file.path, 0o600)
    }

    private func reload(_ environment: [String: String] = [:]) throws -> TokenReload {
        let settings = try Settings(flags: ["http.token_file": file.path], environment: environment)
        return try #require(try TokenReload(settings, logger: log.logger))
    }

    @Test func aTokenWhoseLineIsGoneIsGone() throws {
        let reload = try reload()
        #expect(reload.reload() == .unchanged && reload.tokens.count == 2)
        try file.replace("\(Self.second)\n")
        #expect(reload.reload() == .replaced && reload.tokens.count == 1)
        #expect(reload.tokens.admit(Self.second.utf8) && !reload.tokens.admit(Self.first.utf8))
        #expect(log.lines(.warning).isEmpty && log.lines(.error).isEmpty)
    }

    /// A slip in one line keeps nobody in whose line has gone.
    @Test func badLinesAreNamedAndTheOthersCount() throws {
        let reload = try reload()
        try file.replace("a slip, with a s3cret in it\n\(Self.second)\n")
        #expect(reload.reload() == .failed)
        #expect(reload.tokens.admit(Self.second.utf8) && !reload.tokens.admit(Self.first.utf8))
        let warnings = log.lines(.warning)
        #expect(warnings.count == 1 && warnings[0].contains("\(file.path):1") && !warnings[0].contains("s3cret"))
    }

    @Test func anEmptyFileLetsNobodyIn() throws {
        let reload = try reload()
        try file.replace("# nobody\n")
        #expect(reload.reload() == .replaced && reload.tokens.count == 0)
        #expect(!reload.tokens.admit(Self.first.utf8) && !reload.tokens.admit("".utf8))
        #expect(log.lines(.error).count == 1 && log.lines(.error)[0].contains("every token is refused"))
        try file.replace(Self.first)
        #expect(reload.reload() == .replaced && reload.tokens.admit(Self.first.utf8))
    }

    @Test func thoseOfTheEnvironmentStay() throws {
        let reload = try reload(["RIVIERA_HTTP_TOKENS": "third-0123456789abcdef"])
        #expect(reload.tokens.count == 3)
        try file.replace("")
        #expect(reload.reload() == .replaced && reload.tokens.count == 1)
        #expect(reload.tokens.admit("third-0123456789abcdef".utf8))
        #expect(log.lines(.error).count == 1 && log.lines(.error)[0].contains("RIVIERA_HTTP_TOKENS"))
    }

    @Test func aFileThatCannotBeReadLeavesTheOldOnes() throws {
        let reload = try reload()
        let makers: [(String) -> Void] = [
            { _ in }, { mkfifo($0, 0o600) }, { mkdir($0, 0o700) }, { symlink("/dev/zero", $0) }, { symlink($0, $0) },
        ]
        for (number, make) in makers.enumerated() {
            unlink(file.path)
            rmdir(file.path)
            make(file.path)
            #expect(reload.reload() == .failed)
            #expect(reload.tokens.admit(Self.first.utf8) && reload.tokens.admit(Self.second.utf8))
            #expect(log.lines(.error).count == number + 1)
        }
        unlink(file.path)
        #expect(log.lines(.warning).isEmpty)
    }

    @Test func aFileThatEverybodyCanReadIsAWarning() throws {
        chmod(file.path, 0o644)
        let reload = try reload()
        #expect(log.lines(.warning).count == 1 && log.lines(.warning)[0].contains("mode 644"))
        chmod(file.path, 0o600)
        #expect(reload.reload() == .unchanged && log.lines(.warning).count == 1)
    }

    /// At the start somebody looks.
    @Test(arguments: ["", "# none\n", "first-0123456789abcdef\nslip\n"]) func theStartIsStrict(_ text: String) throws {
        try file.replace(text)
        let error = #expect(throws: SettingError.self) { _ = try reload() }
        #expect(error?.description.contains(text.contains("slip") ? "\(file.path):2" : "has no token") == true)
    }
}
