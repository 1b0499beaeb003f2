import ArgumentParser

/// One flag for each setting of a command, made from the table.
///
/// The argument parser finds a command's options by reflection and hands their values over by
/// decoding; this type shows it the table in the first case and asks for the table's keys in the second.
package struct SettingFlags<Scope: SettingScope>: ParsableArguments, CustomReflectable {
    /// What was given, by key, as it was spelled; of a flag that was repeated, with commas between.
    package private(set) var texts: [String: String] = [:]
    /// `--config`
    package private(set) var file: String?

    package init() {}

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: FlagKey.self)
        for setting in Scope.settings {
            let key = FlagKey(stringValue: setting.longFlag)
            if case .texts = setting.kind {
                let values = try container.decode(Option<[String]>.self, forKey: key).wrappedValue
                if !values.isEmpty { texts[setting.key] = values.joined(separator: ",") }
            } else {
                texts[setting.key] = try container.decode(Option<String?>.self, forKey: key).wrappedValue
            }
        }
        file = try container.decode(
            Option<String?>.self, forKey: FlagKey(stringValue: "config")
        ).wrappedValue
    }

    package var customMirror: Mirror {
        Mirror(self, children: options.map { (label: $0.name, value: $0.option) })
    }

    private var options: [(name: String, option: Any)] {
        let file: Option<String?> = Option(
            name: .customLong("config"),
            help: ArgumentHelp("File of settings, as config/riviera.json. [RIVIERA_CONFIG]", valueName: "file"),
            completion: .file(extensions: ["json"]))
        return [("config", file)] + Scope.settings.map { ($0.longFlag, $0.option) }
    }
}

/// Which settings a command takes.
package protocol SettingScope: Sendable {
    static var settings: [Setting] { get }
}

/// For the server: all of them.
package enum ServerScope: SettingScope {
    package static var settings: [Setting] { Setting.all }
}

/// For a command that asks a running server.
package enum ClientScope: SettingScope {
    package static var settings: [Setting] {
        ["http.host", "http.port", "http.unix_socket"].compactMap(Setting.named)
    }
}

private struct FlagKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

extension Setting {
    fileprivate var option: Any {
        let names = NameSpecification((shortFlag.map { [$0, longFlag] } ?? [longFlag]).map { .customLong($0) })
        let help = ArgumentHelp(
            "\(help)\(standard.map { " Default \($0)." } ?? "") [\(environmentName)]",
            valueName: String(key.split(separator: ".").last ?? "value"))
        if case .texts = kind {
            return Option<[String]>(
                wrappedValue: [], name: names, parsing: .singleValue, help: help, completion: completion)
        }
        return Option<String?>(name: names, help: help, completion: completion)
    }

    private var completion: CompletionKind {
        switch kind {
        case .choice(let choices): .list(choices)
        case .path: .file()
        case .texts where key == "model.file": .file(extensions: ["pt", "safetensors"])
        default: .default
        }
    }
}
