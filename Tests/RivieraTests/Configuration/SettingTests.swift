import Riviera
import Testing

@Suite struct SettingTests {
    @Test func keysFlagsAndVariablesAreUnique() {
        let all = Setting.all
        #expect(Set(all.map(\.key)).count == all.count)
        #expect(Set(all.map(\.environmentName)).count == all.count)
        let flags = all.flatMap { [$0.longFlag] + ($0.shortFlag.map { [$0] } ?? []) }
        #expect(Set(flags).count == flags.count)
        #expect(!flags.contains("config") && !flags.contains("help"))
    }

    @Test(arguments: Setting.all) func namesFollowFromTheKey(setting: Setting) {
        let characters = setting.key.unicodeScalars.allSatisfy {
            "abcdefghijklmnopqrstuvwxyz_.".unicodeScalars.contains($0)
        }
        #expect(characters && setting.key.split(separator: ".").count == 2)
        let words = setting.environmentName.split(separator: "_").dropFirst().map { $0.lowercased() }
        #expect(words == setting.longFlag.split(separator: "-").map(String.init))
        #expect(Setting.named(setting.key)?.environmentName == setting.environmentName)
    }

    @Test(arguments: Setting.all) func aDefaultIsAnAllowedValue(setting: Setting) throws {
        guard let standard = setting.standard else { return }
        _ = try Settings(flags: [setting.key: standard])
    }

    @Test(arguments: Setting.all) func rangesIncludeTheirEndsAndNothingBeyond(setting: Setting) throws {
        for text in setting.examples { _ = try Settings(flags: [setting.key: text]) }
        for text in setting.counterexamples {
            #expect(throws: SettingError.self) { try Settings(flags: [setting.key: text]) }
        }
    }
}

extension Setting: CustomTestStringConvertible {
    package var testDescription: String { key }

    /// Different allowed values, the range's ends among them.
    var examples: [String] {
        switch kind {
        case .text: ["a", "b", "c", ""]
        case .path: ["a", "b", "c", "d"]
        case .texts: ["a", "b,c", "d=e,f", "g"]
        case .choice(let choices): choices
        case .mode: ["0000", "777", "0660", "600"]
        case .origins: ["*", "https://example.org", "https://a, http://localhost:3000", "http://[::1]:8080"]
        case .integer(let range):
            [range.lowerBound, range.upperBound, range.lowerBound + 1, range.upperBound - 1].map(String.init)
        case .number(let range):
            [range.lowerBound, range.upperBound, range.upperBound / 2, range.upperBound / 3].map { "\($0)" }
        }
    }

    var counterexamples: [String] {
        switch kind {
        case .text: []
        case .path: [""]
        case .texts: ["", ",", "a,,b", "a,"]
        case .mode: ["", "0", "66", "0888", "1777", "00660", "+660", "-660", "0o66", "u=rw", " 660", "٦٦٠"]
        case .origins:
            [
                "", "example.org", "https://example.org/", "https://a,", "*, https://a", "https://a:b", "://a", "null",
                "https://a, NULL",
            ]
        case .choice(let choices): ["", choices[0].uppercased(), choices.joined()]
        case .integer(let range): ["", "x", "1.5", "nan", "9e99", "\(range.lowerBound - 1)", "\(range.upperBound + 1)"]
        case .number(let range): ["", "x", "nan", "inf", "-1", "\(range.upperBound.nextUp)", "1 s"]
        }
    }
}
