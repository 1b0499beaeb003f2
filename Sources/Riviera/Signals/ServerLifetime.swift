import HTTP
import Logging
import ServiceLifecycle
import Synchronization

/// What a request to end does at each point of a server's life: the first one starts a graceful
/// shutdown, as soon as there is something to shut down; the second one ends its grace.
final class ServerLifetime: Sendable {
    private struct State {
        var requests = 0
        var server: (group: ServiceGroup, http: HTTPServer)?
    }

    private let state = Mutex(State())
    /// Ends the process. Called where it is asked to end twice before it serves.
    private let exit: @Sendable () -> Void

    init(exit: @escaping @Sendable () -> Void) { self.exit = exit }

    /// The server is about to run. If it has been asked to end, it shuts down as soon as it does.
    func begins(_ group: ServiceGroup, _ http: HTTPServer) {
        let isRequested = state.withLock { state in
            state.server = (group, http)
            return state.requests > 0
        }
        if isRequested { Task { await group.triggerGracefulShutdown() } }
    }

    /// Somebody wants the server to end.
    func end() {
        let (requests, server) = state.withLock { state in
            state.requests += 1
            return (state.requests, state.server)
        }
        switch server {
        case let server? where requests == 1: Task { await server.group.triggerGracefulShutdown() }
        case let server?: server.http.endGrace()
        case nil where requests > 1: exit()
        case nil: break
        }
    }
}
