public import HTTPTypes

/// What is known of a request and its reply when both are over.
public struct ExchangeRecord: Sendable {
    /// nil where the request was malformed in its head.
    public let head: RequestHead?
    /// nil where the request was malformed before its method.
    public let method: HTTPRequest.Method?
    /// The raw target, empty where the request's head was malformed.
    public let target: String
    /// The response's label.
    public let route: String?
    /// nil where the exchange ended before there was a response.
    public let status: HTTPResponse.Status?
    /// Bytes of the request's body.
    public let bytesReceived: Int
    /// Bytes of the response's body that were sent or waited to be sent.
    public let bytesSent: Int
    /// Bytes of memory that the handler had reserved.
    public let bytesReserved: Int
    /// From the head's arrival until the kernel had taken the last byte of the reply.
    public let duration: Duration
    /// Server-Timing as sent, in the head or as a trailer.
    public let serverTiming: String?
    /// `127.0.0.1:51234`, `[::1]:51234`, or `unix`.
    public let clientAddress: String
    /// `TLSv1.3`, `TLSv1.2`; nil for plain HTTP.
    public let tlsVersion: String?
    /// The common name of the certificate that the client has shown, or `serial:` and its number; at most 131 bytes of what the
    /// certificate says. nil where there was none.
    public let clientCertificate: String?
    /// X-Request-ID as sent.
    public let requestID: String
    /// Whether the client went away, or the server gave up on it, before it had the whole reply.
    public let wasCancelled: Bool
}
