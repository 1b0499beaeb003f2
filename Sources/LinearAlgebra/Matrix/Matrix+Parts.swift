extension Matrix {
    /// Σ_k A(i,k) x[k] in 16 fixed lanes.
    ///
    /// - Parameter x: as many numbers as there are columns.
    public func product(row i: Int, _ x: [Double]) -> Double {
        precondition(x.count == columns && i >= 0 && i < rows)
        return elements.withUnsafeBufferPointer { a in
            x.withUnsafeBufferPointer { x in
                guard let a = a.baseAddress, let x = x.baseAddress else { return 0 }
                return TransposedProduct.dot(a + i * columns, x, count: columns)
            }
        }
    }
}

extension Matrix {
    /// Some of the rows and columns, in that order.
    public func part(rows chosen: [Int], columns wanted: [Int]) -> Matrix {
        precondition(chosen.allSatisfy { (0..<rows).contains($0) } && wanted.allSatisfy { (0..<columns).contains($0) })
        // An array of no numbers is one and the same for all threads, to whose count nothing is to be written.
        guard !chosen.isEmpty, !wanted.isEmpty else {
            return Matrix(rows: chosen.count, columns: wanted.count, elements: [])
        }
        let numbers = [Double](unsafeUninitializedCapacity: chosen.count * wanted.count) { buffer, count in
            elements.withUnsafeBufferPointer { elements in
                for i in chosen {
                    for k in wanted {
                        buffer.initializeElement(at: count, to: elements[i * columns + k])
                        count += 1
                    }
                }
            }
        }
        return Matrix(rows: chosen.count, columns: wanted.count, elements: numbers)
    }
}
