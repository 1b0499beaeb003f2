/// Where a server listens and how much it takes.
///
/// All deadlines are total times: a byte now and then does not renew them.
public struct HTTPServerConfiguration: Sendable {
    /// Several at once, IPv4, IPv6 and Unix sockets alike.
    public var addresses: [ListenAddress]
    /// Threads that wait for sockets. Handlers run elsewhere, so that one is enough for most.
    public var eventLoops = 1

    /// Bytes of a request line (else 414) and of a whole head (else 431).
    public var headLimit = 16 << 10
    /// Header fields of a request, and trailers (else 431).
    public var fieldLimit = 100
    /// Bytes of a request's body, unless the handler says otherwise (else 413).
    public var bodyLimit = 8 << 20
    /// Open connections. Beyond it clients wait to be accepted, in place of connections long idle.
    public var connectionLimit = 1024

    /// From a request's first byte to the end of its head (else 408).
    public var headDeadline = Duration.seconds(10)
    /// What a request's reader may spend waiting for its body altogether (else 408).
    public var bodyDeadline = Duration.seconds(30)
    /// For what waits to be written at one time to be taken by the client.
    public var writeDeadline = Duration.seconds(30)
    /// Between requests.
    public var idleDeadline = Duration.seconds(60)
    /// How long a reply may still take once the client has finished sending: after that it
    /// is taken to have gone away, which looks the same.
    public var halfCloseGrace = Duration.milliseconds(50)
    /// How long to listen to a client that goes on sending after the last reply, so that
    /// it gets to read that.
    public var lingerDeadline = Duration.seconds(5)
    /// From a graceful shutdown's start until what still runs is cancelled.
    public var shutdownGrace = Duration.seconds(30)

    /// - Parameter addresses: where to listen
    public init(addresses: [ListenAddress] = [.tcp(host: "127.0.0.1", port: 8080)]) {
        self.addresses = addresses
    }
}
