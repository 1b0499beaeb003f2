/// Whom a request came from, for sharing things out among clients.
///
/// Two requests of one connection have equal identities. Two connections of one host have the same
/// ``address`` and differ in ``connection``.
public struct ClientIdentity: Hashable, Sendable {
    /// The peer's numeric address without a port: `127.0.0.1`, `::1`; `unix` for a Unix socket, `local`
    /// for a request that came by no socket.
    public let address: String
    /// The connection's number, unique within the process and never 0; 0 where there is no connection.
    public let connection: UInt64

    public init(address: String, connection: UInt64) {
        self.address = address
        self.connection = connection
    }

    /// Of requests that came by no socket.
    public static let local = ClientIdentity(address: "local", connection: 0)
}
