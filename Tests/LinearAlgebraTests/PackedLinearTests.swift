import LinearAlgebra
import Statistics
import Testing

/// Deterministic test values in (−1, 1), every third one 0 when `sparse`.
func testValues(_ count: Int, stream: UInt64, sparse: Bool = false) -> [Float] {
    let philox = Philox(seed: 7, stream: stream)
    return (0..<count).map { index in
        let word = philox.block(at: UInt64(index))
        if sparse && word[1] % 3 != 0 { return 0 }
        return Float(Int32(bitPattern: word[0])) / 0x1p31
    }
}

/// All members of a crew, one after the other: for steps in which none waits for another.
func eachMember(of members: Int, _ body: (Crew.Member) -> Void) {
    let crew = Crew()
    for index in 0..<members { body(Crew.Member(index, of: members, in: crew)) }
}

@Suite struct PackedLinearTests {
    static let shapes = [(1, 1), (3, 5), (33, 31), (64, 64), (100, 77), (392, 1000)]
    let storage = Storage()

    private func padded(_ values: [Float]) -> UnsafeMutablePointer<Float> {
        let copy = storage.make(Float.self, count: PackedRows.padded(values.count))
        copy.update(from: values, count: values.count)
        return copy
    }

    private func sparse(_ values: [Float], members: Int) -> SparseVector {
        let vector = SparseVector(length: values.count, in: storage)
        eachMember(of: members) { vector.keepNonzero(values, by: $0) }
        return vector
    }

    @Test(arguments: shapes, Precision.allCases)
    func forwardIsTheProductInOrderOfTheInputs(shape: (Int, Int), precision: Precision) {
        let (inputs, outputs) = shape
        // Values of few bits, so that binary16 holds the weights exactly.
        let weight = testValues(inputs * outputs, stream: 1).map { ($0 * 512).rounded() / 512 }
        let bias = testValues(outputs, stream: 2)
        let x = testValues(inputs, stream: 3, sparse: true)
        let layer = PackedLinear(
            inputs: inputs, outputs: outputs, precision: precision, keepsTransposed: false, in: storage)
        layer.load(weight: .floats(weight), bias: bias)
        let expected = (0..<outputs).map { j in
            var sum = bias[j]
            for i in 0..<inputs where x[i] != 0 {
                sum = sum.addingProduct(x[i], weight[j * inputs + i])
            }
            return sum.bitPattern
        }
        for members in 1...SparseVector.segments {
            let input = sparse(x, members: members)
            let acc = storage.make(Float.self, count: PackedRows.padded(outputs))
            eachMember(of: members) { layer.forward(input, into: acc, by: $0) }
            #expect((0..<outputs).map { acc[$0].bitPattern } == expected)
        }
    }

    @Test(arguments: shapes, Precision.allCases)
    func bothTransposedProductsAreTheTranspose(shape: (Int, Int), precision: Precision) throws {
        let (inputs, outputs) = shape
        let weight = testValues(inputs * outputs, stream: 4).map { ($0 * 512).rounded() / 512 }
        let g = testValues(outputs, stream: 5, sparse: true)
        let layer = PackedLinear(
            inputs: inputs, outputs: outputs, precision: precision, keepsTransposed: true, in: storage)
        layer.load(weight: .floats(weight), bias: Array(repeating: 0, count: outputs))
        let transposed = try #require(layer.transposed)
        let exact = (0..<inputs).map { i in
            (0..<outputs).reduce(0.0) { $0 + Double(g[$1]) * Double(weight[$1 * inputs + i]) }
        }
        let scale = (0..<inputs).map { i in
            (0..<outputs).reduce(1e-30) { $0 + abs(Double(g[$1]) * Double(weight[$1 * inputs + i])) }
        }

        let wanted = sparse((0..<inputs).map { $0 % 2 == 0 ? 1 : 0 }, members: 1)
            .segment(0, of: .alone)
        var dots = [Float](repeating: 0, count: wanted.count)
        layer.weights.dot(wanted, with: padded(g), into: &dots)
        for k in 0..<wanted.count {
            let i = Int(wanted.index[k])
            #expect(abs(Double(dots[k]) - exact[i]) <= 1e-6 * scale[i])
        }

        var first: [UInt32] = []
        for members in 1...SparseVector.segments {
            let terms = sparse(g, members: members)
            let sum = storage.make(Float.self, count: PackedRows.padded(inputs))
            eachMember(of: members) { transposed.accumulate(terms, into: sum, by: $0) }
            for i in 0..<inputs { #expect(abs(Double(sum[i]) - exact[i]) <= 3e-6 * scale[i]) }
            let bits = (0..<inputs).map { sum[$0].bitPattern }
            if first.isEmpty { first = bits }
            #expect(bits == first)
        }
    }

    /// Where the weights come from, halves or singles, makes no difference to what is packed.
    @Test(arguments: Precision.allCases)
    func bothSourcesGiveTheSameMap(precision: Precision) {
        let inputs = 100, outputs = 77
        let weight = testValues(inputs * outputs, stream: 8).map { ($0 * 512).rounded() / 512 }
        let halves = weight.map { Float16($0).bitPattern }
        let x = sparse(testValues(inputs, stream: 9, sparse: true), members: 1)
        let results = [WeightSource.floats(weight), .halves(halves)].map { source in
            let layer = PackedLinear(
                inputs: inputs, outputs: outputs, precision: precision, keepsTransposed: true,
                in: storage)
            layer.load(weight: source, bias: Array(repeating: 1, count: outputs))
            let acc = storage.make(Float.self, count: PackedRows.padded(outputs))
            layer.forward(x, into: acc, by: .alone)
            return (0..<outputs).map { acc[$0].bitPattern }
        }
        #expect(results[0] == results[1])
    }

    @Test(arguments: [1, 63, 64, 65, 392, 1000], 1...SparseVector.segments)
    func theMembersSegmentsTogetherAreTheSparseVector(length: Int, members: Int) {
        let x = testValues(length, stream: 6, sparse: true)
        for isReLU in [false, true] {
            let vector = SparseVector(length: length, in: storage)
            eachMember(of: members) {
                if isReLU { vector.keepPositive(x, by: $0) } else { vector.keepNonzero(x, by: $0) }
            }
            var found: [Int] = [], values: [Float] = []
            eachMember(of: members) { member in
                let segment = vector.segment(member.index, of: member)
                for k in 0..<segment.count {
                    found.append(Int(segment.index[k]))
                    values.append(segment.value[k])
                }
            }
            #expect(found == x.indices.filter { isReLU ? x[$0] > 0 : x[$0] != 0 })
            #expect(values == found.map { x[$0] })
        }
    }
}
