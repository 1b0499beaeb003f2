import API
import Riviera
import Testing

@Suite struct SettingsTests {
    /// All eight ways to set a key or not in three places.
    @Test(arguments: Setting.all)
    func flagOverridesEnvironmentOverridesFileOverridesDefault(setting: Setting) throws {
        let examples = setting.examples
        for places in 0..<8 {
            let texts = (0..<3).map { places >> $0 & 1 == 1 ? examples[$0 % examples.count] : nil }
            let file = try TemporaryFile(texts[2].map { "{\"\(setting.key)\": \(setting.json($0))}" } ?? "{}")
            let settings = try Settings(
                flags: texts[0].map { [setting.key: $0] } ?? [:],
                environment: texts[1].map { [setting.environmentName: $0] } ?? [:], file: file.path)
            let winner = texts.compactMap(\.self).first ?? setting.standard
            #expect(settings.text(setting) == winner.map(setting.canonical))
        }
    }

    /// It names the kernels to use and is read where they are chosen.
    @Test func theVariableForTheKernelsStopsNobody() throws {
        #expect(throws: Never.self) { try Settings(environment: ["RIVIERA_KERNELS": "plain"]) }
    }

    @Test(arguments: Setting.all)
    func aBadValueIsNamedWithItsKeyItsPlaceAndWhatIsAllowed(setting: Setting) throws {
        for bad in setting.counterexamples {
            let flag = #expect(throws: SettingError.self) { try Settings(flags: [setting.key: bad]) }
            let variable = #expect(throws: SettingError.self) {
                // One that a flag overrides is as wrong as one that counts.
                try Settings(
                    flags: [setting.key: setting.examples[0]], environment: [setting.environmentName: bad])
            }
            for (error, place) in [(flag, "--\(setting.flag)"), (variable, setting.environmentName)] {
                let line = try #require(error).description
                #expect(line.contains(setting.key) && line.contains(place) && line.contains(setting.allowed))
                #expect(!line.contains("\n"))
            }
        }
    }

    /// A variable that was meant to have the path of a file of tokens, and has none, must not open the server.
    @Test(arguments: Setting.all) func anEmptyValueIsRefusedWhereNoneIsAllowed(setting: Setting) throws {
        let file = try TemporaryFile("{\"\(setting.key)\": \"\"}")
        let attempts: [(place: String, make: () throws -> Settings)] = [
            ("--\(setting.flag)", { try Settings(flags: [setting.key: ""]) }),
            (setting.environmentName, { try Settings(environment: [setting.environmentName: ""]) }),
            (file.path, { try Settings(file: file.path) }),
        ]
        for attempt in attempts {
            if setting.key == "http.host" {
                #expect(try attempt.make().string(setting.key) == "")
            } else {
                let error = #expect(throws: SettingError.self) { _ = try attempt.make() }
                let line = try #require(error).description
                #expect(line.contains(attempt.place) && line.contains(setting.key), "\(line)")
            }
        }
    }

    @Test func anEmptyNameOfTheFileIsRefused() throws {
        let error = #expect(throws: SettingError.self) { try Settings(environment: ["RIVIERA_CONFIG": ""]) }
        #expect(try #require(error).description.contains("RIVIERA_CONFIG is empty"))
        let flag = #expect(throws: SettingError.self) { try Settings(file: "") }
        #expect(try #require(flag).description.contains("--config is empty"))
    }

    @Test func theFileMayBeNamedByAVariableAndAFlagOverridesThat() throws {
        let one = try TemporaryFile(#"{"http": {"port": 1}}"#), two = try TemporaryFile(#"{"http": {"port": 2}}"#)
        #expect(try Settings(environment: ["RIVIERA_CONFIG": one.path]).int("http.port") == 1)
        #expect(try Settings(environment: ["RIVIERA_CONFIG": one.path], file: two.path).int("http.port") == 2)
    }

    @Test(arguments: [
        ("RIVIERA_HTTP_PRT", "RIVIERA_HTTP_PORT"), ("RIVIERA_LOG_LEVLE", "RIVIERA_LOG_LEVEL"),
        ("RIVIERA_CONFG", "RIVIERA_CONFIG"),
    ])
    func anUnknownVariableStopsTheStartAndTheNearestIsProposed(name: String, near: String) throws {
        let error = #expect(throws: SettingError.self) { try Settings(environment: [name: "1"]) }
        let line = try #require(error).description
        #expect(line.contains("\(name);") && line.hasSuffix("did you mean \(near)?"))
    }

    @Test func othersVariablesAreNotOurs() throws {
        // What Kubernetes tells the pods of a service called riviera.
        let settings = try Settings(environment: [
            "PATH": "/bin", "RIVIERAS": "x", "RIVIERA_SERVICE_HOST": "10.0.0.1", "RIVIERA_SERVICE_PORT": "80",
            "RIVIERA_SERVICE_PORT_WEB": "80", "RIVIERA_PORT": "tcp://10.0.0.1:80",
            "RIVIERA_PORT_80_TCP": "tcp://10.0.0.1:80", "RIVIERA_PORT_80_TCP_PROTO": "tcp",
            "RIVIERA_PORT_80_TCP_PORT": "80", "RIVIERA_PORT_80_TCP_ADDR": "10.0.0.1",
        ])
        #expect(settings.int("http.port") == 8080)
    }
}

extension Settings {
    /// A value in one spelling, whatever its kind.
    func text(_ setting: Setting) -> String? {
        switch setting.kind {
        case .text, .path, .choice, .origins: string(ifSet: setting.key)
        case .texts: strings(ifSet: setting.key)?.joined(separator: ",")
        case .mode: int(ifSet: setting.key).map { String($0, radix: 8) }
        case .integer: int(ifSet: setting.key).map { "\($0)" }
        case .number: double(ifSet: setting.key).map { "\($0)" }
        }
    }
}

extension Setting {
    func canonical(_ text: String) -> String {
        switch kind {
        case .number: Double(text).map { "\($0)" } ?? text
        case .mode: Int(text, radix: 8).map { String($0, radix: 8) } ?? text
        default: text
        }
    }

    /// The value as a file spells it.
    func json(_ text: String) -> String {
        switch kind {
        case .text, .path, .texts, .choice, .origins, .mode: "\"\(text)\""
        case .integer, .number: text
        }
    }
}
