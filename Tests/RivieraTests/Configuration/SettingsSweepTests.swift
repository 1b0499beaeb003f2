import API
import HTTP
import Logging
import Riviera
import Statistics
import Testing

/// Whatever stands in a flag, a variable or a file: a configuration comes of it, or one line.
@Suite struct SettingsSweepTests {
    private static let hostile = [
        "", " ", "0", "-0", "1", "-1", "00", "+1", "1.5", "1e3", "1e15", "1e18", "1e19", "1e308", "-1e308", "1e309",
        "5e-324", "0x10", "nan", "-nan", "inf", "-inf", "9007199254740993", "9223372036854775807",
        "-9223372036854775808", "9223372036854775808", "18446744073709551615", "18446744073709551616", "٣",
        "\u{feff}1", "1\n2", "\r\n", "a\u{0}b", "\"", "\\", "é", "e\u{301}", "😀", "--", "null", "true", "[]", "{}",
        String(repeating: "9", count: 10_000), "0." + String(repeating: "0", count: 10_000) + "1",
        String(repeating: "a\u{301}", count: 1000), "/", "/tmp", ",", "[", "::", "0.0.0.0,,", "localhost",
    ]

    /// Values near the ends of what is allowed.
    private static func ends(of setting: Setting) -> [String] {
        switch setting.kind {
        case .text, .path, .texts: ["x"]
        case .mode: ["000", "0777", "1000", "778"]
        case .choice(let choices): choices
        case .origins: ["*", "https://a", "null"]
        case .integer(let range):
            [range.lowerBound, range.upperBound].flatMap { ["\($0)", "\($0 &- 1)", "\($0 &+ 1)", "\(Double($0))"] }
        case .number(let range):
            [range.lowerBound, range.upperBound].flatMap { ["\($0)", "\($0.nextUp)", "\($0.nextDown)", "\(-$0)"] }
        }
    }

    /// What a configuration is for, or the one line that says why there is none.
    private func outcome(_ make: () throws -> Settings) -> String? {
        do {
            let settings = try make()
            _ = try HTTPServerConfiguration(settings)
            _ = APIConfiguration(settings)
            return nil
        } catch {
            return "\(error)"
        }
    }

    private func expectOneLine(_ line: String?, _ case: String) {
        guard let line else { return }
        #expect(!line.isEmpty && !line.contains("\n") && line.utf8.count < 20_000, "\(`case`): \(line)")
    }

    @Test(arguments: Setting.all) func everySettingTakesOrRefusesEveryText(setting: Setting) throws {
        let file = try TemporaryFile()
        for text in Self.hostile + Self.ends(of: setting) {
            expectOneLine(outcome { try Settings(flags: [setting.key: text]) }, "flag \(text.prefix(50))")
            expectOneLine(
                outcome { try Settings(environment: [setting.environmentName: text]) }, "variable \(text.prefix(50))")
            let string = String(decoding: JSONWriter.write(.string(text), .line), as: UTF8.self)
            for value in [string, text, "[\(string)]", "{\"a\": \(string)}", "{\"\(setting.key)\": \(string)}"] {
                try file.replace("{\"\(setting.key)\": \(value)}")
                expectOneLine(outcome { try Settings(file: file.path) }, "file \(value.prefix(50))")
            }
        }
    }

    @Test func combinationsAreTakenOrRefused() throws {
        var random = PhiloxGenerator(Philox(seed: 12)), taken = 0
        let file = try TemporaryFile()
        for _ in 0..<3000 {
            var flags: [String: String] = [:], variables: [String: String] = [:], fields: [String] = []
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let setting = Setting.all.randomElement(using: &random)!
                // Mostly what is allowed, so that several of them meet.
                let texts = Int.random(in: 0..<8, using: &random) == 0 ? Self.hostile : Self.ends(of: setting)
                let text = texts.randomElement(using: &random)!
                switch Int.random(in: 0..<3, using: &random) {
                case 0: flags[setting.key] = text
                case 1: variables[setting.environmentName] = text
                default: fields.append("\"\(setting.key)\": \(text)")
                }
            }
            try file.replace("{\(fields.joined(separator: ", "))}")
            let line = outcome { try Settings(flags: flags, environment: variables, file: file.path) }
            expectOneLine(line, "\(flags) \(variables) \(fields)")
            if line == nil { taken += 1 }
        }
        #expect(taken > 100)
    }

    @Test func whateverTheFileIs() throws {
        for path in ["", "/", "/tmp", "/nowhere", "/dev/zero", "/dev/null", "/proc/self/mem", "a\u{0}b"] {
            let line = outcome { try Settings(file: path) }
            #expect(line != nil)
            expectOneLine(line, path)
        }
        let texts = [
            "\u{feff}{}", "\u{feff}", "{", "[", "{}}", "{\"http\": {\"port\": 1}} x",
            String(repeating: "[", count: 100_000), String(repeating: "{\"http\":", count: 10_000),
            "{\"http\": {\"port\": 1e400}}", "{\"http\": {\"port\": 18446744073709551616}}", "{\"\": 1}",
            "{\".\": {\".\": 1}}",
            String(repeating: " ", count: (1 << 20) - 1) + "{}",
        ]
        for text in texts {
            let file = try TemporaryFile(text)
            let line = outcome { try Settings(file: file.path) }
            #expect(line != nil, "\(text.prefix(50))")
            expectOneLine(line, String(text.prefix(50)))
        }
        let bytes: [[UInt8]] = [[0xff, 0xfe, 0x7b, 0, 0x7d, 0], [0x7b, 0xc3, 0x7d], [0]]
        for bytes in bytes {
            let file = try TemporaryFile(bytes)
            #expect(outcome { try Settings(file: file.path) } != nil)
        }
    }

    /// Nobody but the program's tables says what the default of a limit is.
    @Test func theServersOwnDefaultsAreThoseOfTheSettings() throws {
        let configured = try HTTPServerConfiguration(Settings()), own = HTTPServerConfiguration()
        #expect(configured.headLimit == own.headLimit && configured.fieldLimit == own.fieldLimit)
        #expect(configured.bodyLimit == own.bodyLimit && configured.connectionLimit == own.connectionLimit)
        #expect(configured.eventLoops == own.eventLoops && configured.memoryLimit == own.memoryLimit)
        #expect(configured.headDeadline == own.headDeadline && configured.bodyDeadline == own.bodyDeadline)
        #expect(configured.writeDeadline == own.writeDeadline && configured.idleDeadline == own.idleDeadline)
        #expect(configured.shutdownGrace == own.shutdownGrace)
        #expect(APIConfiguration(try Settings()).deadline == APIConfiguration().deadline)
        #expect(APIConfiguration(try Settings()).maximumDraws == APIConfiguration().maximumDraws)
    }

    /// What cannot be listened on is refused when the server starts, in one line, too.
    @Test func whateverTheAddressIs() throws {
        let hosts = [
            "", ",", "0.0.0.0", "::1", "[::1]", "127.0.0.1,127.0.0.1", "1.2.3.4", "255.255.255.255", "%", "::1%nosuch",
        ]
        let sockets: [String?] = [
            nil, "", "/tmp", "/nowhere/socket", "/dev/null", String(repeating: "x", count: 200), "/tmp/\u{0}",
        ]
        for host in hosts {
            for socket in sockets {
                var flags = ["http.host": host, "http.port": "0"]
                flags["http.unix_socket"] = socket
                do {
                    let server = HTTPServer(
                        configuration: try HTTPServerConfiguration(Settings(flags: flags)), handler: Nothing(),
                        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
                    try server.bind()
                    #expect(!server.boundAddresses.isEmpty)
                } catch {
                    expectOneLine("\(error)", "\(flags)")
                }
            }
        }
    }

    private struct Nothing: Handler {
        func respond(to request: Request) async -> Response { .text("") }
    }
}
