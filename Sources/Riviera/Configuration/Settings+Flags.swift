#if canImport(FoundationEssentials)
import FoundationEssentials
#endif

extension Settings {
    /// What the command line, this process's environment and the file say.
    init<Scope>(_ flags: SettingFlags<Scope>) throws(SettingError) {
        try self.init(
            flags: flags.texts, environment: ProcessInfo.processInfo.environment, file: flags.file)
    }
}
