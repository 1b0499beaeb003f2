import Glibc

/// Another program, run to its end. What it says on standard error is passed on.
enum ChildProcess {
    /// What the program prints, given a short input.
    ///
    /// - Throws: `FileError` where it cannot be started, or ends with another status than 0.
    static func output(
        of program: String, _ arguments: [String], input: [UInt8]
    ) throws(FileError) -> [UInt8] {
        guard let toChild = pipe(), let fromChild = pipe() else { throw FileError(program, "no pipe", errno) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, toChild.reading, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, fromChild.writing, STDOUT_FILENO)
        var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var child = pid_t()
        let status = posix_spawnp(&child, program, &actions, nil, &words, environ)
        close(toChild.reading)
        close(fromChild.writing)
        defer { close(fromChild.reading) }
        guard status == 0 else {
            close(toChild.writing)
            throw FileError(program, "cannot be started", status)
        }
        writeAll(input, to: toChild.writing)
        close(toChild.writing)
        let output = try readAll(from: fromChild.reading, name: program)
        var end: Int32 = 0
        while waitpid(child, &end, 0) < 0 && errno == EINTR {}
        guard end == 0 else { throw FileError(program, "it failed") }
        return output
    }

    private static func pipe() -> (reading: Int32, writing: Int32)? {
        var ends: [Int32] = [-1, -1]
        // Closed in the child by exec, but for the copies that become its standard streams.
        return pipe2(&ends, O_CLOEXEC) == 0 ? (ends[0], ends[1]) : nil
    }
}
