/// Where a server listens and how much it takes.
///
/// All deadlines are total times: a client cannot extend them by sending or reading a byte now and then.
public struct HTTPServerConfiguration: Sendable {
    /// Several at once, IPv4, IPv6 and Unix sockets alike.
    public var addresses: [ListenAddress]
    /// Descriptors of sockets that listen already, which the program that started this one has opened: in place of the
    /// addresses, where there are some. They stay open for that program.
    public var inheritedSockets: [Int32] = []
    /// The permissions of the files of Unix sockets, such as 0o660: who may write may connect. They hold before the first
    /// client can connect. nil for what the process's umask leaves; inherited sockets stay as they are.
    public var unixSocketMode: UInt32?
    /// Threads that wait for sockets. Handlers run elsewhere, so one is enough for most uses.
    public var eventLoops = 1

    /// Bytes of a request line (else 414) and of a whole head (else 431).
    public var headLimit = 16 << 10
    /// Header fields of a request, and trailers (else 431).
    public var fieldLimit = 100
    /// Bytes of a request's body, unless the handler says otherwise (else 413).
    public var bodyLimit = 8 << 20
    /// Bytes that all requests in progress may hold together: see ``MemoryBudget``.
    public var memoryLimit = 512 << 20
    /// Open connections. Beyond it new clients wait to be accepted, or take the place of connections
    /// whose client has been waited for during ``givesWayAfter``.
    public var connectionLimit = 1024

    /// The certificate that TCP connections are secured by; nil for plain HTTP. Unix sockets always carry plain HTTP.
    public var tls: TLSIdentity?

    /// From a TLS connection's beginning to the end of its handshake (else it is closed).
    public var handshakeDeadline = Duration.seconds(10)
    /// From a request's first byte to the end of its head (else 408).
    public var headDeadline = Duration.seconds(10)
    /// The time that a handler may wait for a request's body, all waits added up (else 408).
    public var bodyDeadline = Duration.seconds(30)
    /// For the client to take all that waits to be written at one time.
    public var writeDeadline = Duration.seconds(30)
    /// Between requests.
    public var idleDeadline = Duration.seconds(60)
    /// How long a connection has been idle, has not finished a handshake or a request's head, or has not sent a byte of a body or
    /// taken one of a reply, before a new client may have its place when there is no other. Where an address has more than half of
    /// all connections, how long a body or a reply has taken, whatever has come of it. Also how long a client has not read of
    /// its reply, before it is closed when memory is short.
    public var givesWayAfter = Duration.seconds(1)
    /// How long a reply may still take once the client has finished sending: after that it
    /// is taken to have gone away, which looks the same.
    public var halfCloseGrace = Duration.milliseconds(50)
    /// How long a client may go on sending after the last reply, or a body whose reply it has. Closing at once would reset the
    /// connection, and the client might lose the reply.
    public var lingerDeadline = Duration.seconds(5)
    /// How long a graceful shutdown still accepts clients and leaves idle connections open, so that requests
    /// that are under way when it begins are answered.
    public var shutdownDelay = Duration.milliseconds(400)
    /// From a graceful shutdown's start until what still runs is ended by ``Handler/graceEnded()``.
    public var shutdownGrace = Duration.seconds(20)
    /// How long after that replies may still be written before all connections are closed.
    public var lastReplyTime = Duration.seconds(2)

    /// - Parameter addresses: where to listen
    public init(addresses: [ListenAddress] = [.tcp(host: "127.0.0.1", port: 8080)]) {
        self.addresses = addresses
    }
}
