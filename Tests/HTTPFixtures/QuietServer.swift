import HTTP
import Logging

/// A logger that writes nothing.
public let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// A server that logs nothing.
public func makeServer(_ handler: some Handler, _ configuration: HTTPServerConfiguration) -> HTTPServer {
    HTTPServer(configuration: configuration, handler: handler, logger: quiet)
}

/// The TCP port that a bound server has got; 0 where it has none.
public func port(of server: HTTPServer) -> Int {
    for case .tcp(_, let port) in server.boundAddresses { return port }
    return 0
}
