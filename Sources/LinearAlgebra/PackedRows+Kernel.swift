import CKernels

extension PackedRows {
    /// acc[j] ← acc[j] + Σ_i values[i] · row(i)[j] over the entries i of a sparse vector in rising
    /// order, for the member's share of the columns j.
    ///
    /// - Parameters:
    ///   - values: of each entry, at its place in the vector's segments; nil = the vector's own.
    ///   - acc: of all columns; only the member's are read and written.
    @inline(__always)
    public func accumulate(
        _ terms: SparseVector, values: UnsafePointer<Float>? = nil,
        into acc: UnsafeMutablePointer<Float>, by member: Crew.Member
    ) {
        let columns = member.share(of: groups)
        guard !columns.isEmpty else { return }
        let first = columns.lowerBound * Self.group, width = columns.count * Self.group
        for number in 0..<member.members {
            let segment = terms.segment(number, of: member)
            let value = values.map { $0 + segment.offset } ?? UnsafePointer(segment.value)
            switch precision {
            case .float16:
                ck_axpy_rows_f16(
                    kernelPath, halves + first, stride, segment.index, value, segment.count,
                    acc + first, width)
            case .float32:
                ck_axpy_rows_f32(
                    kernelPath, floats + first, stride, segment.index, value, segment.count,
                    acc + first, width)
            }
        }
    }

    /// out[k] ← row(index[k]) · g for one segment, in 32 fixed lanes. `g` has entries for all groups.
    @inline(__always)
    public func dot(
        _ segment: SparseVector.Segment, with g: UnsafePointer<Float>,
        into out: UnsafeMutablePointer<Float>
    ) {
        let width = groups * Self.group
        switch precision {
        case .float16:
            ck_dot_rows_f16(
                kernelPath, halves, stride, segment.index, segment.count, g, out, width)
        case .float32:
            ck_dot_rows_f32(
                kernelPath, floats, stride, segment.index, segment.count, g, out, width)
        }
    }
}
