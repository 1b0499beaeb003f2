import HTTP
import Logging
import ServiceLifecycle
import Synchronization

/// What a request to end does at each point of a server's life: before it serves, the process ends; then the first one starts a
/// graceful shutdown, and the second one ends its grace. And what a request to read files again does.
package final class ServerLifetime: Sendable {
    private struct State {
        var requests = 0
        var server: (group: ServiceGroup, http: HTTPServer)?
        var reload: @Sendable () -> Void = {}
    }

    private let state = Mutex(State())
    /// Ends the process. Called where it is asked to end before it serves: it may be waiting for a disk that does not answer, and
    /// has promised nobody anything.
    private let exit: @Sendable () -> Void

    package init(exit: @escaping @Sendable () -> Void) { self.exit = exit }

    /// The server is about to run. If it has been asked to end, and the process has not ended yet, it shuts down as soon as it does.
    ///
    /// - Parameter reload: reads again the files that may change while it runs
    package func begins(
        _ group: ServiceGroup, _ http: HTTPServer, reload: @escaping @Sendable () -> Void = {}
    ) {
        let isRequested = state.withLock { state in
            state.server = (group, http)
            state.reload = reload
            return state.requests > 0
        }
        if isRequested { Task { await group.triggerGracefulShutdown() } }
    }

    /// A request to read files again. Before the server serves there is nothing to do: it is about to read them.
    package func reload() {
        state.withLock(\.reload)()
    }

    /// A request to end.
    package func end() {
        let (requests, server) = state.withLock { state in
            state.requests += 1
            return (state.requests, state.server)
        }
        switch server {
        case let server? where requests == 1: Task { await server.group.triggerGracefulShutdown() }
        case let server?: server.http.endGrace()
        case nil: exit()
        }
    }
}
