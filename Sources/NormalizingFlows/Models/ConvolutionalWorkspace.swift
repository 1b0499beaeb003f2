import LinearAlgebra

/// A thread's memory for a flow of invertible convolutions: one image at a time, there, there and back for the gradient,
/// or from a latent.
///
/// Pixels are 0…1 with level l of 256 as l / 255. On the logit scale the ends of the density's own 0…1 lie at infinity, so
/// that a level stands for the middle of its interval there (`GreyLevel`), and log p is the density at that place.
public final class ConvolutionalWorkspace: FlowWorkspace {
    private let flow: ConvolutionalFlow
    /// Without and with what back-propagation needs.
    private let forwards, bothWays: ConvolutionalPass

    /// For draws of missing pixels, once there were some.
    private var drawing: ConditionalDrawPass?

    private var image: [Float] = []
    /// 1 for a missing pixel; nil for a model of whole images.
    private var missing: [Float]?
    public private(set) var logProbability = 0.0
    public private(set) var logAbsDetJacobian = 0.0
    public private(set) var latent: [Float] = []
    private var gradient: [Float] = []

    init(of flow: ConvolutionalFlow) throws(OutOfMemory) {
        self.flow = flow
        forwards = try ConvolutionalPass(flow.architecture, capacity: 1, differentiates: false)
        bothWays = try ConvolutionalPass(flow.architecture, capacity: 1, differentiates: true)
    }

    private var spreadsLevels: Bool { flow.architecture.scale == .logit }

    public func fits(_ model: any FlowModel) -> Bool { flow === model }

    public func load(_ x: [Float], missing: [Bool]?) {
        precondition(x.count == flow.dimension && (missing != nil) == flow.isConditional)
        precondition(missing.map { $0.count == x.count } ?? true)
        image = spreadsLevels ? x.map(GreyLevel.spread) : x
        self.missing = missing.map { $0.map { $0 ? 1 : 0 } }
    }

    public func evaluate(step: Int, by member: ThreadTeam.Member) {
        if member.index == 0 { evaluate(in: forwards) }
    }

    public func differentiate(by member: ThreadTeam.Member) {
        guard member.index == 0 else { return }
        evaluate(in: bothWays)
        var slopes = [Float](repeating: 0, count: flow.dimension)
        slopes.withUnsafeMutableBufferPointer { slopes in
            _ = bothWays.backPropagate(
                count: 1, weight: 1, parameters: flow.model.parameters, gradient: nil, inputSlopes: slopes.baseAddress)
        }
        // What is said of known pixels means nothing.
        if let missing { for k in slopes.indices where missing[k] == 0 { slopes[k] = 0 } }
        if spreadsLevels { for k in slopes.indices { slopes[k] *= GreyLevel.slope } }
        gradient = slopes
    }

    private func evaluate(in pass: ConvolutionalPass) {
        var value = 0.0
        withOptionalPointer(to: missing) { missing in
            pass.evaluate(image, missing: missing, count: 1, parameters: flow.model.parameters, into: &value)
        }
        logProbability = value
        // The way back takes the place of what the pass left.
        logAbsDetJacobian = pass.logAbsDet[0]
        latent = pass.latent(of: 0)
    }

    public var logPrior: Double { logProbability - logAbsDetJacobian }

    public func requireFiniteValue() throws(NonFiniteValue) {
        guard logProbability.isFinite else { throw NonFiniteValue(.logLikelihood) }
    }

    public func finiteGradient() throws(NonFiniteValue) -> [Float] {
        try requireFiniteValue()
        if let place = gradient.firstIndex(where: { !$0.isFinite }) { throw NonFiniteValue(.gradient(pixel: place)) }
        return gradient
    }

    /// Makes a piece of draws of missing pixels, of a conditional model.
    ///
    /// - Throws: `OutOfMemory`; `NonFiniteValue` where a number on the way leaves the range of single precision.
    public func make(
        _ piece: ConditionalDrawRun.Piece, of run: ConditionalDrawRun
    ) throws -> ConditionalDrawRun.Made {
        let pass = try drawing ?? ConditionalDrawPass(of: flow.model)
        drawing = pass
        return try pass.make(piece, of: run)
    }

    public func decode(_ latent: [Float]) throws(NonFiniteValue) -> [Float] {
        precondition(latent.count == flow.dimension && !flow.isConditional)
        var image = [Float](repeating: 0, count: latent.count)
        image.withUnsafeMutableBufferPointer { image in
            guard let target = image.baseAddress else { return }
            forwards.decode(
                known: nil, missing: nil, latents: latent, count: 1, parameters: flow.model.parameters, into: target)
        }
        if spreadsLevels { for k in image.indices { image[k] = GreyLevel.pixel(image[k]) } }
        if let place = image.firstIndex(where: { !$0.isFinite }) { throw NonFiniteValue(.decoding(pixel: place)) }
        return image
    }
}

/// Calls `body` with a pointer to the numbers, nil where there are none.
private func withOptionalPointer(to numbers: [Float]?, _ body: (UnsafePointer<Float>?) -> Void) {
    guard let numbers else { return body(nil) }
    numbers.withUnsafeBufferPointer { body($0.baseAddress) }
}
