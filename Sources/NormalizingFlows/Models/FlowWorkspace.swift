import LinearAlgebra

/// The memory that the evaluation of one image needs. It is reused from one evaluation to the next, and only its owner
/// may use it, except while the members of a team evaluate together.
public protocol FlowWorkspace: AnyObject {
    /// Whether this workspace serves `model`.
    func fits(_ model: any FlowModel) -> Bool

    /// The image to evaluate next.
    ///
    /// - Parameters:
    ///   - x: D pixels.
    ///   - missing: true where a pixel is missing, D entries: for a conditional model, and nil for any other.
    func load(_ x: [Float], missing: [Bool]?)

    /// A step of an evaluation of the image that was loaded: `FlowModel.evaluationSteps` of them, one after the other.
    /// Every member of the team makes this call; they meet at its end.
    func evaluate(step: Int, by member: ThreadTeam.Member)

    /// Evaluates the image that was loaded, and the gradient with respect to its pixels, in the same way.
    func differentiate(by member: ThreadTeam.Member)

    /// log p in nats of the last evaluation; of a conditional model log p(missing | known).
    var logProbability: Double { get }
    /// Its two parts: the log density of the latent, and log|det ∂z/∂x|.
    var logPrior: Double { get }
    var logAbsDetJacobian: Double { get }
    /// z in pixel order of the last evaluation. D numbers.
    var latent: [Float] { get }

    /// Throws where a number of the last evaluation was not finite, naming what made it.
    func requireFiniteValue() throws(NonFiniteValue)
    /// ∂ log p / ∂x in pixel order of the last `differentiate`, whose numbers are all finite; throws where one is not.
    func finiteGradient() throws(NonFiniteValue) -> [Float]

    /// x = f⁻¹(z), unclamped, of a model of whole images. D numbers there and back.
    ///
    /// - Throws: `NonFiniteValue` where a number on the way is not finite.
    func decode(_ latent: [Float]) throws(NonFiniteValue) -> [Float]
}

extension FlowWorkspace {
    /// log p of an image of D pixels, its parts and z, and the gradient with respect to the pixels, by one thread.
    public func differentiate(_ x: [Float], missing: [Bool]? = nil) {
        load(x, missing: missing)
        differentiate(by: .alone)
    }
}
