import CKernels

// Products and solves with the channels of an image: `positions` numbers a channel, channel by
// channel, so that x stands for a matrix (channels, positions). Each sum runs in an order that
// the shapes fix (CKernels' channels.h), so results have the same bits on every machine.
extension Matrix {
    /// y ← A x + b, A (rows, columns), x (columns, positions), y (rows, positions).
    ///
    /// - Parameter bias: b, one number a row; 0 where it is nil. It is added before the products.
    public func apply(
        to x: UnsafePointer<Double>, adding bias: [Double]? = nil,
        into y: UnsafeMutablePointer<Double>, positions: Int
    ) {
        if let bias {
            precondition(bias.count == rows)
            ck_mix_channels(instructionSet, elements, rows, columns, bias, x, y, positions)
        } else {
            ck_mix_channels(instructionSet, elements, rows, columns, nil, x, y, positions)
        }
    }

    /// self ← self + g xᵀ, g (rows, positions), x (columns, positions): how the gradient with
    /// respect to a matrix adds up from the gradient g of its products with x.
    public mutating func addProduct(
        _ g: UnsafePointer<Double>, transposed x: UnsafePointer<Double>, positions: Int
    ) {
        ck_correlate_channels(instructionSet, g, rows, x, columns, positions, &elements)
    }

    /// v ← L⁻¹ v, v (rows, positions), by forward substitution. L is this matrix's strict lower
    /// triangle with ones on the diagonal; the rest is not read.
    public func solveUnitLower(_ v: UnsafeMutablePointer<Double>, positions: Int) {
        precondition(isSquare)
        ck_solve_unit_lower(instructionSet, elements, rows, v, positions)
    }

    /// v ← (U + diag(s))⁻¹ v, v (rows, positions), by backward substitution. U is this matrix's
    /// strict upper triangle; the rest is not read.
    ///
    /// - Parameter diagonal: s, no entry 0.
    public func solveUpper(
        diagonal: [Double], _ v: UnsafeMutablePointer<Double>, positions: Int
    ) {
        precondition(isSquare && diagonal.count == rows)
        ck_solve_upper(instructionSet, elements, diagonal, rows, v, positions)
    }
}
