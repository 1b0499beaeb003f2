import Glibc

/// Another program, whose standard input and output are this object's. What it says on standard
/// error goes to this program's. Ended by SIGTERM, if it has not ended, when the object goes away.
package final class ChildProcess {
    private let program: String
    private let process: pid_t
    private var input: Int32
    private let output: Int32
    private var pending: [UInt8] = []
    private var status: Int32?

    /// - Throws: `FileError` where it cannot be started.
    package init(_ program: String, _ arguments: [String]) throws(FileError) {
        guard let toChild = Self.pipe(), let fromChild = Self.pipe() else {
            throw FileError(program, "no pipe", errno)
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, toChild.reading, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, fromChild.writing, STDOUT_FILENO)
        // None of the signals that this program holds back or ignores.
        var attributes = posix_spawnattr_t(), held = sigset_t(), ignored = sigset_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        sigemptyset(&held)
        sigemptyset(&ignored)
        sigaddset(&ignored, SIGPIPE)
        posix_spawnattr_setsigmask(&attributes, &held)
        posix_spawnattr_setsigdefault(&attributes, &ignored)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var child = pid_t()
        let status = posix_spawnp(&child, program, &actions, &attributes, &words, environ)
        close(toChild.reading)
        close(fromChild.writing)
        guard status == 0 else {
            close(toChild.writing)
            close(fromChild.reading)
            throw FileError(program, "cannot be started", status)
        }
        self.program = program
        process = child
        input = toChild.writing
        output = fromChild.reading
    }

    deinit {
        if input >= 0 { close(input) }
        close(output)
        if status == nil {
            kill(process, SIGTERM)
            wait()
        }
    }

    /// Writes to its standard input. What it does not take is lost: its own end tells more.
    package func send(_ bytes: [UInt8]) { writeAll(bytes, to: input) }

    /// The next line that the program prints, without its end.
    ///
    /// - Throws: `FileError` where it ends instead.
    package func line() throws(FileError) -> [UInt8] {
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
                defer { pending.removeSubrange(...end) }
                return Array(pending[..<end])
            }
            let count = chunk.withUnsafeMutableBytes { read(output, $0.baseAddress, $0.count) }
            guard count > 0 else { throw FileError(program, "ended too early") }
            pending.append(contentsOf: chunk[..<count])
        }
    }

    /// Ends the program's input and waits for its own end: what it printed that was not read.
    ///
    /// - Throws: `FileError` where it ends with another status than 0.
    package func finish() throws(FileError) -> [UInt8] {
        close(input)
        input = -1
        let rest = try readAll(from: output, name: program)
        wait()
        guard status == 0 else { throw FileError(program, ending) }
        return pending + rest
    }

    /// Whether it has not ended yet.
    package var isRunning: Bool {
        guard status == nil else { return false }
        var end: Int32 = 0
        guard waitpid(process, &end, WNOHANG) == process else { return true }
        status = end
        return false
    }

    /// How it ended.
    private var ending: String {
        guard let status else { return "is running" }
        return status & 0x7f == 0 ? "ended with status \(status >> 8 & 0xff)" : "was ended by signal \(status & 0x7f)"
    }

    /// Resident memory in bytes, where the system tells.
    package var residentBytes: Int? {
        guard let status = try? readFile("/proc/\(process)/statm", atMost: 4096) else { return nil }
        let pages = String(decoding: status, as: UTF8.self).split(separator: " ").dropFirst().first
        return pages.flatMap { Int($0) }.map { $0 * Int(sysconf(Int32(_SC_PAGESIZE))) }
    }

    private func wait() {
        var end: Int32 = 0
        while waitpid(process, &end, 0) < 0 && errno == EINTR {}
        status = end
    }

    /// What the program prints, given a short input.
    ///
    /// - Throws: `FileError` where it cannot be started, or ends with another status than 0.
    package static func output(
        of program: String, _ arguments: [String], input: [UInt8]
    ) throws(FileError) -> [UInt8] {
        let child = try ChildProcess(program, arguments)
        child.send(input)
        return try child.finish()
    }

    private static func pipe() -> (reading: Int32, writing: Int32)? {
        var ends: [Int32] = [-1, -1]
        // Closed in the child by exec, but for the copies that become its standard streams.
        guard Glibc.pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }
}
