import API
import Configuration
import Glibc
import Streams

/// The settings in a JSON file: an object of sections, or of whole keys.
struct ConfigurationFile {
    private(set) var values: [String: ConfigContent] = [:]
    /// Those of the settings that the file has, null ones as well.
    private var keys: Set<String> = []

    /// Bytes: a hundred times what all settings take.
    private static let longest = 1 << 20

    /// - Throws: `SettingError` where the file cannot be read, is not JSON, or has an unknown key.
    init(_ path: String) throws(SettingError) {
        guard !Self.isNamedPipe(path) else {
            throw SettingError(file: path, problem: "is a named pipe, to which perhaps nobody writes: name a file")
        }
        let bytes: [UInt8]
        do {
            bytes = try readFile(path, atMost: Self.longest)
        } catch {
            throw SettingError(error)
        }
        try self.init(bytes, path: path)
    }

    /// Whoever opens one waits for somebody who writes, and the program hears no signal yet. Those that a shell makes for `<(…)` have
    /// somebody.
    private static func isNamedPipe(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO
            && !["/dev/", "/proc/"].contains(where: path.hasPrefix)
    }

    init(_ bytes: [UInt8], path: String) throws(SettingError) {
        let root: JSON
        do {
            root = try JSONReader.read(bytes)
        } catch {
            throw SettingError(file: "\(path):\(error.line):\(error.column)", problem: error.reason)
        }
        guard case .object(let fields) = root else {
            throw SettingError(file: path, problem: "an object with the settings is expected")
        }
        for field in fields { try take(field.value, at: field.name, path: path) }
    }

    /// - Parameter key: the names down to the value, with dots between
    private mutating func take(_ value: JSON, at key: String, path: String) throws(SettingError) {
        if let setting = Setting.named(key) {
            guard keys.insert(key).inserted else { throw SettingError(file: path, problem: "\(key) is set twice") }
            values[key] = try setting.content(of: value, path: path)
        } else if case .object(let fields) = value, !fields.isEmpty {
            for field in fields { try take(field.value, at: "\(key).\(field.name)", path: path) }
        } else if Setting.sections.contains(key) {
            // One with no settings in it is as good as none.
            if case .object = value { return }
            throw SettingError(
                file: path,
                problem: "\(key) is \(value.start); it must be an object with the settings that begin with \(key).")
        } else {
            let known = Setting.all.map(\.key) + Setting.sections
            throw SettingError(unknown: key, in: "key in \(path):", known: known)
        }
    }
}

extension JSON {
    /// Enough of its text to recognize it by.
    fileprivate var start: String {
        String(decoding: JSONWriter.write(self, .line).dropLast().prefix(60), as: UTF8.self)
    }
}

extension Setting {
    /// The value in a file; nil where it is null, which means the same as leaving the key out.
    fileprivate func content(of value: JSON, path: String) throws(SettingError) -> ConfigContent? {
        if case .texts = kind, let elements = value.elements {
            let texts = elements.compactMap(\.text)
            if texts.count == elements.count, let content = content(of: texts) { return content }
        }
        let text: String? =
            switch (kind, value) {
            case (.text, .string(let text)), (.path, .string(let text)), (.texts, .string(let text)),
                (.choice, .string(let text)), (.origins, .string(let text)), (.mode, .string(let text)):
                text
            case (.integer, _), (.number, _): value.double.map { "\($0)" }
            default: nil
            }
        if let content = text.flatMap(content(of:)) { return content }
        if case .null = value, standard == nil { return nil }
        throw SettingError(
            self, in: path, found: value.start,
            hint: (standard == nil ? ", or null for the default" : "") + (text.map(explanation) ?? ""))
    }
}
