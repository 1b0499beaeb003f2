/// What the endpoints are told by the configuration.
public struct APIConfiguration: Sendable {
    /// How long a request may take when it names no deadline itself; nil = for ever.
    public var deadline: Duration?
    /// The largest body of a stream of requests (NDJSON in), in bytes.
    public var maximumStreamBytes: Int
    /// How large an invertible convolution may be.
    public var convolution = ConvolutionLimits()

    public init(deadline: Duration? = .seconds(60), maximumStreamBytes: Int = 1 << 40) {
        self.deadline = deadline
        self.maximumStreamBytes = maximumStreamBytes
    }
}
