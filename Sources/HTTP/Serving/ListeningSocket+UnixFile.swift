#if canImport(Glibc)
import Glibc
#endif

/// The file that a Unix socket has in the file system.
extension ListeningSocket {
    /// - Parameter mode: the file's; nil for what the umask leaves
    static func openUnix(path: String, mode: UInt32?) throws(SystemError) -> ListeningSocket {
        let socketAddress = try SocketAddress(unixPath: path)
        removeStaleSocket(path, socketAddress)
        return try listen(socketAddress, on: .unix(path: path), mode: mode)
    }

    /// Gives the file of a Unix socket its mode, whatever the umask is; nothing for other sockets.
    ///
    /// - Returns: false where the system refuses, with the reason in `errno`.
    func setMode(_ mode: UInt32?) -> Bool {
        guard let mode, case .unix(let path) = address else { return true }
        return chmod(path, mode) == 0
    }

    /// Why binding a socket has failed just now: where something else has the path of a Unix socket, the system only says
    /// that the address is in use.
    static func failure(_ operation: String, at address: ListenAddress) -> SystemError {
        let code = errno
        guard case .unix(let path) = address, code == EADDRINUSE else { return SystemError(operation, code: code) }
        var status = stat()
        let found: String? =
            switch lstat(path, &status) == 0 ? status.st_mode & S_IFMT : nil {
            case S_IFSOCK: "another program listens there"
            case S_IFREG: "a regular file is there, and stays as it is"
            case S_IFDIR: "a folder is there: name a file in it that does not exist yet"
            case S_IFLNK: "a symbolic link is there, and stays as it is"
            case nil: nil
            default: "something that is not a socket is there, and stays as it is"
            }
        guard let found else { return SystemError(operation, code: code) }
        return SystemError(operation, code: code, reason: found)
    }

    /// Removes the file of a socket that nobody listens on any more.
    private static func removeStaleSocket(_ path: String, _ address: SocketAddress) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return }
        let probe = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { _ = Glibc.close(probe) }
        if probe >= 0, address.with({ connect(probe, $0, $1) }) < 0, errno == ECONNREFUSED {
            unlink(path)
        }
    }
}
