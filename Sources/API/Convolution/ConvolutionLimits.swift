/// How large a convolution one request may ask for.
public struct ConvolutionLimits: Sendable {
    /// Most channels that A mixes. A costs their third power.
    public var channels: Int
    /// Most numbers of the input, of a conditioner, or of all the A that depend on the position.
    public var numbers: Int

    public init(channels: Int = 256, numbers: Int = 2_000_000) {
        self.channels = channels
        self.numbers = numbers
    }

    /// Most outputs of a conditioner's layer, each of which is a row: L, U, s and a shift of the most channels.
    var layerOutputs: Int { channels * channels + channels }

    func require(channels count: Int, _ pointer: String) throws {
        guard count <= channels else {
            throw Problem.invalid(
                "A mixes at most \(channels) channels (the setting convolution.max_channels), not \(count).",
                .pointer(pointer))
        }
    }

    /// - Parameter factors: sizes ≥ 0 whose product is limited.
    func require(_ factors: [Int], _ what: String, _ pointer: String) throws {
        var product = 1, overflows = false
        for factor in factors where !overflows {
            (product, overflows) = product.multipliedReportingOverflow(by: factor)
        }
        guard !overflows, product <= numbers else {
            throw Problem.invalid(
                "\(what) must have at most \(numbers) numbers (the setting convolution.max_numbers), not "
                    + "\(factors.map(String.init).joined(separator: "·")).",
                .pointer(pointer))
        }
    }
}
