import Glibc

/// A folder with the PEM files of one test, removed with the value.
public final class CertificateFiles: Sendable {
    public let folder: String

    public init() {
        var template = Array("/tmp/riviera-certificates-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { fatalError("/tmp can be written to") }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        for name in names { unlink("\(folder)/\(name)") }
        rmdir(folder)
    }

    private var names: [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            names.append(
                withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
        }
        return names
    }

    /// Writes a file that only its owner can read, or replaces it, and returns its path.
    @discardableResult
    public func write(_ name: String, _ text: String) -> String {
        let path = "\(folder)/\(name)"
        guard let file = fopen(path, "w") else { fatalError("\(path) can be written") }
        defer { fclose(file) }
        fchmod(fileno(file), 0o600)
        fputs(text, file)
        return path
    }

    /// Writes `server.pem` and `server.key`.
    public func write(_ certificate: Certificate) {
        write("server.pem", certificate.pem)
        write("server.key", certificate.keyPEM)
    }
}
