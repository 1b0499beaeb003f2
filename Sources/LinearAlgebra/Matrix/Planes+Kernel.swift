import CKernels

/// Sums of products, number by number.
public enum Planes {
    /// y[p] ← y[p] + a[p]·b[p], rounded once.
    public static func addProducts(
        _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>,
        to y: UnsafeMutablePointer<Double>, count: Int
    ) {
        ck_add_products(instructionSet, a, b, y, count)
    }

    /// y[p] ← y[p] − a[p]·b[p], rounded once.
    public static func subtractProducts(
        _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>,
        from y: UnsafeMutablePointer<Double>, count: Int
    ) {
        ck_subtract_products(instructionSet, a, b, y, count)
    }
}
