import LinearAlgebra
import Statistics

extension NICE: FlowModel {
    public typealias Workspace = NICEWorkspace

    public var flowArchitecture: FlowArchitecture { .nice(architecture) }
    public var memoryBytes: Int { storage.bytes }
    public var isShareable: Bool { true }
    public var evaluationsAMillisecond: Int { 4 }

    /// Numbers index·D … index·D + D − 1 of the standard logistic distribution.
    public func drawLatent(_ index: UInt64, using randomness: Philox) -> [Double] {
        LogisticDistribution.standard.draws(dimension, from: randomness, at: index * UInt64(dimension))
    }
}

extension NICEWorkspace: FlowWorkspace {
    public func fits(_ model: any FlowModel) -> Bool { self.model === model }

    public func load(_ x: [Float], missing: [Bool]?) {
        precondition(missing == nil)
        load(x)
    }

    public func evaluate(step: Int, by member: ThreadTeam.Member) { model.evaluate(self, step: step, by: member) }
    public func differentiate(by member: ThreadTeam.Member) { model.differentiate(self, by: member) }
    public func decode(_ latent: [Float]) throws(NonFiniteValue) -> [Float] { try model.decode(latent, in: self) }
}
