import Configuration

/// The configuration: flag over environment over file over default.
package struct Settings: Sendable {
    private let reader: ConfigReader
    /// Bearer tokens, separated by commas: RIVIERA_HTTP_TOKENS.
    package let tokens: String?

    /// - Parameters:
    ///   - flags: what the command line gave, by key
    ///   - environment: all variables; those that do not begin with RIVIERA_ are ignored
    ///   - file: the file's path; RIVIERA_CONFIG's where it is nil
    /// - Throws: `SettingError` for an unknown name or a bad value, even if another place overrides it. An empty value is a
    ///   bad one, except that of `http.host`.
    package init(
        flags: [String: String] = [:], environment: [String: String] = [:], file: String? = nil
    ) throws(SettingError) {
        let flags = try Self.contents(of: flags) { "--\($0.flag)" }
        let environment = try EnvironmentSettings(environment)
        tokens = environment.tokens
        if file?.isEmpty == true { throw SettingError(empty: "--config", for: "the path of a file of settings") }
        let variables = try Self.contents(of: environment.texts) { $0.environmentName }
        let file = try (file ?? environment.file).map { path throws(SettingError) in
            try ConfigurationFile(path)
        }
        let standards = Setting.all.compactMap { setting in
            setting.standard.map { text in
                guard let content = setting.content(of: text) else {
                    preconditionFailure("\(setting.key)'s default is one of its allowed values")
                }
                return (setting.key, content)
            }
        }
        reader = ConfigReader(providers: [
            Self.provider("flags", flags), Self.provider("environment", variables),
            Self.provider("file", file?.values ?? [:]),
            Self.provider("defaults", Dictionary(uniqueKeysWithValues: standards)),
        ])
    }

    /// The value of a setting that has a default.
    package func int(_ key: String) -> Int { required(int(ifSet: key), key) }
    package func double(_ key: String) -> Double { required(double(ifSet: key), key) }
    package func string(_ key: String) -> String { required(string(ifSet: key), key) }
    /// Seconds.
    package func duration(_ key: String) -> Duration { .seconds(double(key)) }

    /// The value of a setting that may have none.
    package func int(ifSet key: String) -> Int? { reader.int(forKey: known(key)) }
    package func double(ifSet key: String) -> Double? { reader.double(forKey: known(key)) }
    /// Seconds.
    package func duration(ifSet key: String) -> Duration? { double(ifSet: key).map { .seconds($0) } }
    package func string(ifSet key: String) -> String? { reader.string(forKey: known(key)) }
    package func strings(ifSet key: String) -> [String]? { reader.stringArray(forKey: known(key)) }

    private func known(_ key: String) -> ConfigKey {
        precondition(Setting.named(key) != nil, "there is no setting \(key)")
        return ConfigKey(key.split(separator: ".").map(String.init))
    }

    private func required<Value>(_ value: Value?, _ key: String) -> Value {
        guard let value else { preconditionFailure("the setting \(key) has no default of that type") }
        return value
    }

    private static func contents(
        of texts: [String: String], source: (Setting) -> String
    ) throws(SettingError) -> [String: ConfigContent] {
        var contents: [String: ConfigContent] = [:]
        for setting in Setting.all {
            guard let text = texts[setting.key] else { continue }
            guard let content = setting.content(of: text) else {
                if text.isEmpty { throw SettingError(setting, isEmptyIn: source(setting)) }
                throw SettingError(
                    setting, in: source(setting), found: "“\(text.start)”", hint: setting.explanation(of: text))
            }
            contents[setting.key] = content
        }
        return contents
    }

    private static func provider(_ name: String, _ contents: [String: ConfigContent]) -> InMemoryProvider {
        let values = contents.map { key, content in
            (
                AbsoluteConfigKey(key.split(separator: ".").map(String.init), context: [:]),
                ConfigValue(content, isSecret: false)
            )
        }
        return InMemoryProvider(name: name, values: Dictionary(uniqueKeysWithValues: values))
    }
}
