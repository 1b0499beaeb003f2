import Glibc

/// Sockets that a service manager has opened for this process: socket activation, by the protocol of sd_listen_fds(3).
package enum InheritedSockets {
    /// The first descriptor that is handed on.
    private static let start: Int32 = 3
    /// More than anybody listens on.
    private static let most: Int32 = 1024

    /// Descriptors of the sockets, none where they are another process's.
    ///
    /// - Throws: `SettingError` where the variables make no sense.
    static func descriptors() throws(SettingError) -> [Int32] {
        try descriptors(pid: variable("LISTEN_PID"), count: variable("LISTEN_FDS"), of: getpid())
    }

    /// - Parameters:
    ///   - pid: the variable LISTEN_PID
    ///   - count: the variable LISTEN_FDS
    ///   - process: this process's identifier
    package static func descriptors(pid: String?, count: String?, of process: pid_t) throws(SettingError) -> [Int32] {
        guard let pid, let count, pid_t(pid) == process else { return [] }
        guard let number = Int32(count), (0...most).contains(number) else {
            throw SettingError(
                contradiction: "the variable LISTEN_FDS is \(count.start), not a number of sockets from 0 to \(most)")
        }
        return (0..<number).map { start + $0 }
    }

    private static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}
