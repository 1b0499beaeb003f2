import CKernels

extension PackedRows {
    /// acc[j] ← acc[j] + Σ_i values[i] · row(i)[j] over the entries i of a sparse vector in rising
    /// order, for the columns j of some groups.
    ///
    /// - Parameters:
    ///   - values: of each entry, at its place in the vector's segments; nil = the vector's own.
    ///   - acc: of all columns; only the groups' are read and written.
    @inline(__always)
    public func accumulate(
        _ terms: SparseVector, values: UnsafePointer<Float>? = nil,
        into acc: UnsafeMutablePointer<Float>, groups: Selection, by member: ThreadTeam.Member
    ) {
        guard groups.count > 0 else { return }
        for number in 0..<member.members {
            let segment = terms.segment(number, of: member)
            let value = values.map { $0 + segment.offset } ?? UnsafePointer(segment.value)
            switch precision {
            case .float16:
                ck_axpy_rows_f16(
                    instructionSet, halves, stride, segment.index, value, segment.count, acc,
                    groups.numbers, groups.count)
            case .float32:
                ck_axpy_rows_f32(
                    instructionSet, floats, stride, segment.index, value, segment.count, acc,
                    groups.numbers, groups.count)
            }
        }
    }

    /// out[k] ← row(index[k]) · g over the columns of some groups, in 32 fixed lanes. Groups in
    /// which g is 0 may be left out: the sum is the same.
    ///
    /// - Parameter g: of all columns; only the groups' are read.
    @inline(__always)
    public func dot(
        rows index: UnsafePointer<UInt32>, count: Int, with g: UnsafePointer<Float>,
        groups: Selection, into out: UnsafeMutablePointer<Float>
    ) {
        switch precision {
        case .float16:
            ck_dot_rows_f16(
                instructionSet, halves, stride, index, count, g, out, groups.numbers, groups.count)
        case .float32:
            ck_dot_rows_f32(
                instructionSet, floats, stride, index, count, g, out, groups.numbers, groups.count)
        }
    }

    /// acc[j] ← acc[j] + row(i)[j]² for all columns j.
    func addSquares(ofRow i: Int, to acc: UnsafeMutablePointer<Float>) {
        let columns = groups * Self.group
        switch precision {
        case .float16: ck_add_squares_f16(instructionSet, halves + i * stride, acc, columns)
        case .float32: ck_add_squares_f32(instructionSet, floats + i * stride, acc, columns)
        }
    }
}
