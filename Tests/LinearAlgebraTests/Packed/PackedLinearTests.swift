import LinearAlgebra
import Testing

/// All members of a team, one after the other: for steps in which none waits for another.
func eachMember(of members: Int, _ body: (ThreadTeam.Member) -> Void) {
    let team = ThreadTeam()
    for index in 0..<members { body(ThreadTeam.Member(index, of: members, in: team)) }
}

/// Maps and vectors of small sizes.
struct Workbench {
    let storage = Storage()

    func padded(_ values: [Float]) -> UnsafeMutablePointer<Float> {
        let copy = storage.make(Float.self, count: PackedRows.padded(values.count))
        copy.update(from: values, count: values.count)
        return copy
    }

    func zeros(_ count: Int) -> UnsafeMutablePointer<Float> {
        padded(Array(repeating: 0, count: count))
    }

    func map(
        _ weight: [Float], bias: [Float], inputs: Int, precision: Precision = .float32,
        layout: PackedLinear.Layout = .inputMajor, order: UnitOrder? = nil
    ) -> PackedLinear {
        let map = PackedLinear(
            inputs: inputs, outputs: bias.count, precision: precision, layout: layout, in: storage)
        map.load(weight: .floats(weight), bias: bias, order: order)
        return map
    }

    func all(_ rows: PackedRows) -> Selection {
        Selection(
            numbers: GroupList.all(rows.groups, in: storage), count: rows.groups)
    }

    /// The rectified layer whose pre-activations are `values`: biases, and no input.
    func rectified(_ values: [Float], members: Int = 1) -> RectifiedVector {
        let map = map(Array(repeating: 0, count: values.count), bias: values, inputs: 1)
        let nothing = ObservedVector(length: 1, in: storage), x = zeros(1), y = zeros(values.count)
        let layer = RectifiedVector(length: values.count, in: storage), room = storage.make(UInt32.self, count: 64)
        eachMember(of: members) { nothing.observe(x, by: $0) }
        eachMember(of: members) { member in
            let drift = nothing.drift.value(at: 1, by: member)
            let listed = layer.possiblyActiveGroups(drift, into: room, by: member)
            map.forward(SparseVector(length: 1, in: storage), into: y, groups: listed, by: member)
            layer.rectify(y, groups: listed, of: map, drift, by: member)
        }
        return layer
    }
}

@Suite struct PackedLinearTests {
    static let shapes = [(1, 1), (3, 5), (33, 31), (64, 64), (100, 77), (392, 1000)]
    let bench = Workbench()

    /// Values of few bits, so that binary16 holds them exactly.
    private static func weights(_ count: Int, stream: UInt64) -> [Float] {
        testValues(count, stream: stream).map { ($0 * 512).rounded() / 512 }
    }

    @Test(arguments: shapes, Precision.allCases)
    func forwardIsTheProductInOrderOfTheInputs(shape: (Int, Int), precision: Precision) {
        let (inputs, outputs) = shape, weight = Self.weights(inputs * outputs, stream: 1)
        let bias = testValues(outputs, stream: 2)
        let x = testValues(inputs, stream: 3, sparse: true).map { max($0, 0) }
        let map = bench.map(weight, bias: bias, inputs: inputs, precision: precision)
        let expected = (0..<outputs).map { j in
            var sum = bias[j]
            for i in 0..<inputs where x[i] != 0 {
                sum = sum.addingProduct(x[i], weight[j * inputs + i])
            }
            return sum.bitPattern
        }
        for members in 1...SparseVector.segments {
            let input = bench.rectified(x, members: members), sums = bench.zeros(outputs)
            eachMember(of: members) { member in
                let share = member.share(of: map.weights.groups), all = bench.all(map.weights)
                map.forward(
                    input.active, into: sums,
                    groups: .init(numbers: all.numbers + share.lowerBound, count: share.count), by: member)
            }
            #expect((0..<outputs).map { sums[$0].bitPattern } == expected)
        }
    }

    @Test(arguments: shapes, Precision.allCases)
    func bothLayoutsGiveTheProductAndItsTranspose(shape: (Int, Int), precision: Precision) {
        let (inputs, outputs) = shape, weight = Self.weights(inputs * outputs, stream: 4)
        let order = UnitOrder(
            outputs: (0..<outputs).reversed(), inputs: (0..<inputs).map { ($0 + 1) % inputs })
        let g = testValues(outputs, stream: 5, sparse: true).map { max($0, 0) }
        let bias = [Float](repeating: 0, count: outputs)
        func exact(_ i: Int, _ term: (Double) -> Double) -> Double {
            (0..<outputs).reduce(1e-30) { sum, place in
                sum + term(Double(g[place])
                    * Double(weight[order.outputs[place] * inputs + order.inputs[i]]))
            }
        }
        let terms = bench.rectified(g)
        var results: [[Float]] = []
        for layout in [PackedLinear.Layout.inputMajor, .outputMajor] {
            let map = bench.map(
                weight, bias: bias, inputs: inputs, precision: precision, layout: layout, order: order)
            let sums = bench.zeros(inputs)
            if layout == .inputMajor {
                map.weights.dot(
                    rows: (0..<inputs).map(UInt32.init), count: inputs, with: bench.padded(g),
                    groups: bench.all(map.weights), into: sums)
            } else {
                map.weights.accumulate(
                    terms.active, into: sums, groups: bench.all(map.weights), by: .alone)
            }
            results.append((0..<inputs).map { sums[$0] })
        }
        for i in 0..<inputs {
            for result in results {
                #expect(abs(Double(result[i]) - exact(i) { $0 }) <= 3e-6 * exact(i) { abs($0) } + 1e-29)
            }
        }
    }

    /// Where the weights come from, halves or singles, makes no difference to what is packed.
    @Test(arguments: Precision.allCases)
    func bothSourcesGiveTheSameMap(precision: Precision) {
        let inputs = 100, outputs = 77, weight = Self.weights(inputs * outputs, stream: 8)
        let halves = weight.map { Float16($0).bitPattern }
        let x = bench.rectified(testValues(inputs, stream: 9, sparse: true))
        let bits = bench.storage.make(UInt16.self, count: halves.count)
        bits.update(from: halves, count: halves.count)
        let sources = [WeightSource.floats(weight), .halves(UnsafeBufferPointer(start: bits, count: halves.count))]
        let results = sources.map { source in
            let map = PackedLinear(
                inputs: inputs, outputs: outputs, precision: precision, layout: .inputMajor,
                in: bench.storage)
            map.load(weight: source, bias: Array(repeating: 1, count: outputs))
            let sums = bench.zeros(outputs)
            map.forward(x.active, into: sums, groups: bench.all(map.weights), by: .alone)
            return (0..<outputs).map { sums[$0].bitPattern }
        }
        #expect(results[0] == results[1])
    }

    @Test func productsOfRowsThatAreWrittenOnDemand() {
        let inputs = 70, outputs = 9, weight = Self.weights(inputs * outputs, stream: 10)
        let x = [testValues(inputs, stream: 11), testValues(inputs, stream: 12)]
        func row(_ j: Int) -> [Float] { Array(weight[j * inputs..<(j + 1) * inputs]) }
        let products = RowProducts.of(rows: 2..<outputs, columns: inputs, with: x) {
            $1.update(from: row($0), count: inputs)
        }
        #expect(products.map(\.count) == [7, 7, 7])
        for j in 2..<outputs {
            for (product, other) in zip(products, x + [row(j)]) {
                let exact = zip(row(j), other).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
                #expect(abs(Double(product[j - 2]) - exact) < 1e-5)
            }
        }
    }

    @Test(arguments: [1, 31, 32, 33, 392, 1000], 1...SparseVector.segments)
    func theMembersSegmentsTogetherAreTheSparseVector(length: Int, members: Int) {
        let x = testValues(length, stream: 6, sparse: true)
        let layer = bench.rectified(x, members: members)
        var found: [Int] = [], values: [Float] = [], groups: [UInt32] = []
        let room = bench.storage.make(UInt32.self, count: PackedRows.groups(length))
        eachMember(of: members) { member in
            let segment = layer.active.segment(member.index, of: member)
            for k in 0..<segment.count {
                found.append(Int(segment.index[k]))
                values.append(segment.value[k])
            }
            let all = layer.activeGroups.joined(into: room, of: member)
            groups = (0..<all.count).map { all.numbers[$0] }
        }
        #expect(found == x.indices.filter { x[$0] > 0 })
        #expect(values == found.map { x[$0] })
        #expect(groups == Set(found.map { UInt32($0 / PackedRows.group) }).sorted())
    }
}
