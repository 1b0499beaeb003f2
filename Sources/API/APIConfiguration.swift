public import HTTP
import RareEvents

/// What the endpoints are told by the configuration.
public struct APIConfiguration: Sendable {
    /// How long a request may take when it names no deadline itself; nil = for ever.
    public var deadline: Duration?
    /// The same for a request whose answer is a stream (NDJSON).
    public var streamDeadline: Duration?
    /// How long any request may take, whatever it names; nil = as long as it names.
    public var maximumDeadline: Duration?
    /// The largest body of a stream of requests (NDJSON in), in bytes.
    public var maximumStreamBytes: Int
    /// How much simulation one request may ask for.
    public var ruin: RuinLimits
    /// Most draws of a gradient request: iterations × batch × estimators.
    public var maximumDraws = 10_000_000_000
    /// Most evaluations of g of one request to /probability.
    public var maximumEvaluations = 1_000_000_000
    /// Most pixels of a photograph, whatever its channels.
    public var maximumPhotographPixels = 4_194_304
    /// The tokens of which requests must carry one; nil where they need none.
    public var tokens: BearerTokens?
    /// How large an invertible convolution may be.
    public var convolution = ConvolutionLimits()

    /// Pages of which origins may read the replies; nil for none but the server's own.
    public var crossOrigins: CrossOriginPolicy?
    /// Whether replies go by gzip to those who ask for that.
    public var isCompressing = true

    /// The limit for a body of the endpoint that takes photographs, too: eight bytes a pixel, as many as 16 bits of red,
    /// green, blue and alpha have, and one MiB for the rest.
    func photographBodyLimit(for head: RequestHead) -> Int? {
        switch head[.contentType].flatMap(MediaType.init(contentType:)) {
        case .png?, .form?, nil: maximumPhotographPixels * 8 + 1 << 20
        default: bodyLimit(for: head)
        }
    }

    /// The limit for a body of one of the endpoints that take streams of requests.
    func bodyLimit(for head: RequestHead) -> Int? {
        // Such a stream is read as it is worked off, so it may be long.
        head[.contentType].flatMap(MediaType.init(contentType:)) == .ndjson ? maximumStreamBytes : nil
    }

    public init(
        deadline: Duration? = .seconds(60), maximumStreamBytes: Int = 1 << 40,
        ruin: RuinLimits = RuinLimits()
    ) {
        self.deadline = deadline
        self.ruin = ruin
        self.maximumStreamBytes = maximumStreamBytes
    }
}
