/// The settings among the environment's variables.
struct EnvironmentSettings {
    /// By key, as they were spelled.
    private(set) var texts: [String: String] = [:]
    /// RIVIERA_CONFIG
    let file: String?
    /// RIVIERA_HTTP_TOKENS, which has no flag and no key: flags stand in the list of processes.
    let tokens: String?

    /// - Throws: `SettingError` for an unknown variable that begins with RIVIERA_, and for one that names no
    ///   file where it should.
    init(_ variables: [String: String]) throws(SettingError) {
        var settings = Dictionary(uniqueKeysWithValues: Setting.all.map { ($0.environmentName, $0.key) })
        file = variables["RIVIERA_CONFIG"]
        tokens = variables["RIVIERA_HTTP_TOKENS"]
        if file?.isEmpty == true { throw SettingError(empty: "RIVIERA_CONFIG", for: "the path of a file of settings") }
        settings["RIVIERA_CONFIG"] = ""
        settings["RIVIERA_HTTP_TOKENS"] = ""
        // Read by the kernels, checked by `ComputingCommand`.
        settings["RIVIERA_KERNELS"] = ""
        for (name, text) in variables.sorted(by: { $0.key < $1.key }) where name.hasPrefix("RIVIERA_") {
            if let key = settings[name] {
                texts[key] = text
            } else if !Self.isServiceLink(name, text) {
                throw SettingError(
                    unknown: name, in: "environment variable", known: Array(settings.keys))
            }
        }
        texts[""] = nil
    }

    /// Kubernetes describes each service of a namespace to its pods in variables, as Docker's links once
    /// did. A service called riviera must not keep the program from starting.
    private static func isServiceLink(_ name: String, _ text: String) -> Bool {
        let words = name.split(separator: "_").dropFirst()
        if words.contains("SERVICE"), words.contains("HOST") || words.contains("PORT") { return true }
        if text.hasPrefix("tcp://") || text.hasPrefix("udp://") || text.hasPrefix("sctp://") { return true }
        guard let port = words.firstIndex(of: "PORT"), port + 2 < words.endIndex else { return false }
        return Int(words[port + 1]) != nil && ["TCP", "UDP", "SCTP"].contains(words[port + 2])
    }
}
