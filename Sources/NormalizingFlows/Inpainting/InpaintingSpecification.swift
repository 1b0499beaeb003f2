import Projections

/// What is to be inpainted: log p(x) is maximized over
/// C = { x : known pixels fixed, 0 ≤ missing pixels ≤ 1 }.
public struct InpaintingSpecification: Sendable {
    /// D pixels in row-major order. The values of missing pixels do not matter here.
    public let image: [Float]
    /// True where the pixel is known. D entries.
    public let known: [Bool]
    /// C.
    public let constraints: Box<Float>

    public var missingPixels: Int { known.count { !$0 } }

    /// - Precondition: `image` and `known` have one length, and known values lie in 0…1.
    public init(image: [Float], known: [Bool]) {
        precondition(image.count == known.count)
        self.image = image
        self.known = known
        let intervals = zip(image, known).map { value, isKnown in
            isKnown ? Interval<Float>(fixed: value) : Interval<Float>(min: 0, max: 1)
        }
        do {
            constraints = try Box(intervals)
        } catch {
            preconditionFailure("known pixels lie in 0…1: \(error)")
        }
    }

    /// A start in C: known pixels as they are, missing ones from `values`, moved into 0…1.
    public func start(from values: [Float]) -> [Float] {
        precondition(values.count == image.count)
        return constraints.projection(of: values)
    }
}
