import Glibc

/// SIGTERM, SIGINT and SIGHUP, which ask a program to end.
enum TerminationSignals {
    private static let all = [SIGTERM, SIGINT, SIGHUP]

    /// Keeps these signals waiting, instead of their ending the program, until `next` takes them.
    ///
    /// Threads inherit that: to be called while there is only one. The first process of a container,
    /// which no signal ends by default, misses none from here on.
    static func hold() {
        var set = signalSet
        pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// Gives them back the effect that they had when the program started.
    ///
    /// On the first process of a container they have none by default: there they end the program with
    /// the status that shells report.
    static func release() {
        if getpid() == 1 {
            for number in all { signal(number) { _exit(128 + $0) } }
        }
        var set = signalSet
        pthread_sigmask(SIG_UNBLOCK, &set, nil)
    }

    /// Waits for the next of them.
    static func next() -> Int32 {
        var set = signalSet, number: Int32 = 0
        while sigwait(&set, &number) != 0 {}
        return number
    }

    private static var signalSet: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for number in all { sigaddset(&set, number) }
        return set
    }
}
