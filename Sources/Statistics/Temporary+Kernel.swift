import CKernels

extension Philox {
    public func fillNormals(_ out: UnsafeMutablePointer<Double>, count: Int, from first: UInt64) {
        ck_normal(ck_best(), seed, stream, first, count, out)
    }
    public func fillExponentials(_ out: UnsafeMutablePointer<Double>, count: Int, from first: UInt64) {
        ck_exponential(ck_best(), seed, stream, first, count, out)
    }
}
public enum Elementary {
    public static func exp(_ x: Double) -> Double { ck_exp1(x) }
    public static func log(_ x: Double) -> Double { ck_log1(x) }
}
