import ArgumentParser
import Riviera
import Testing

@Suite struct SettingFlagsTests {
    @Test(arguments: Setting.all) func everySettingHasItsFlags(setting: Setting) throws {
        for flag in [setting.longFlag] + (setting.shortFlag.map { [$0] } ?? []) {
            for arguments in [["--\(flag)", "some text"], ["--\(flag)=some text"]] {
                let flags = try SettingFlags<ServerScope>.parse(arguments)
                #expect(flags.texts == [setting.key: "some text"] && flags.file == nil)
            }
        }
    }

    @Test func severalFlagsDoNotDisturbOneAnother() throws {
        let arguments = Setting.all.flatMap { ["--\($0.flag)", $0.key] } + ["--config", "file"]
        let flags = try SettingFlags<ServerScope>.parse(arguments)
        #expect(flags.file == "file")
        #expect(flags.texts == Dictionary(uniqueKeysWithValues: Setting.all.map { ($0.key, $0.key) }))
    }

    @Test func helpTellsEachFlagWithItsVariableAndDefault() {
        let help = SettingFlags<ServerScope>.helpMessage(columns: 1000)
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
        for setting in Setting.all {
            let standard = setting.standard.map { " Default \($0)." } ?? ""
            let value = setting.key.split(separator: ".")[1]
            #expect(
                help.contains(
                    "--\(setting.longFlag) <\(value)> \(setting.help)\(standard) [\(setting.environmentName)]"))
        }
    }

    @Test func aCommandTakesTheSettingsThatItUses() throws {
        #expect(throws: (any Error).self) { try SettingFlags<InpaintEndpoint>.parse(["--port", "1"]) }
        #expect(try SettingFlags<InpaintEndpoint>.parse(["--model", "m"]).texts == ["model.file": "m"])
        #expect(throws: (any Error).self) { try SettingFlags<RuinEndpoint>.parse(["--model", "m"]) }
        #expect(try SettingFlags<RuinEndpoint>.parse(["--ruin-max-games", "9"]).texts == ["ruin.max_games": "9"])
    }
}
