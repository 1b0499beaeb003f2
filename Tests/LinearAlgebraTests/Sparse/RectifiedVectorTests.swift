import LinearAlgebra
import Testing

/// What is left out because it provably stays inactive would have been inactive.
@Suite struct RectifiedVectorTests {
    private let bench = Workbench()

    /// A layer on an observed input, from one x to the next.
    private struct Layer {
        let map: PackedLinear
        let input: ObservedVector
        let layer: RectifiedVector
        let x, y: UnsafeMutablePointer<Float>
        let room: UnsafeMutablePointer<UInt32>
        let members: Int
        var evaluation = 0
        /// How many groups or units were computed, over all evaluations.
        var computed = 0

        init(
            _ bench: Workbench, weight: [Float], bias: [Float], inputs: Int,
            layout: PackedLinear.Layout, members: Int
        ) {
            map = bench.map(weight, bias: bias, inputs: inputs, layout: layout)
            input = ObservedVector(length: inputs, in: bench.storage)
            layer = RectifiedVector(length: bias.count, in: bench.storage)
            x = bench.zeros(inputs)
            y = bench.zeros(bias.count)
            room = bench.storage.make(UInt32.self, count: PackedRows.padded(bias.count))
            self.members = members
        }

        /// The active units and their values at x.
        mutating func callAsFunction(_ values: [Float], _ bench: Workbench) -> [Int: Float] {
            evaluation += 1
            x.update(from: values, count: values.count)
            // The input as the map takes it, where that is sparse; its values are positive then.
            let sparse = map.layout == .inputMajor ? bench.rectified(values, members: members) : nil
            eachMember(of: members) { input.observe(x, by: $0) }
            var count = 0
            eachMember(of: members) { [self] member in
                let drift = input.drift.value(at: evaluation, by: member)
                if let sparse {
                    let groups = layer.possiblyActiveGroups(drift, into: room, by: member)
                    map.forward(sparse.active, into: y, groups: groups, by: member)
                    layer.rectify(y, groups: groups, of: map, drift, by: member)
                } else {
                    let units = layer.possiblyActiveUnits(drift, into: room, by: member)
                    map.weights.dot(
                        rows: units.numbers, count: units.count, with: x,
                        groups: bench.all(map.weights), into: y)
                    layer.rectify(y, units: units, of: map, drift, by: member)
                }
                count += layer.possiblyActiveCount(of: member)
            }
            computed += count
            var active: [Int: Float] = [:]
            eachMember(of: members) { member in
                let segment = layer.active.segment(member.index, of: member)
                for k in 0..<segment.count { active[Int(segment.index[k])] = segment.value[k] }
            }
            return active
        }
    }

    static let cases = [PackedLinear.Layout.inputMajor, .outputMajor].flatMap { layout in
        [1, 3].map { (layout, $0) }
    }

    /// The layer that remembers against one that begins anew at each x: the same bits. Steps of all
    /// sizes, back and forth, to the same place, and far enough for the drift to begin anew.
    @Test(arguments: cases)
    func rememberingChangesNothing(layout: PackedLinear.Layout, members: Int) {
        let inputs = 40, outputs = 150
        let weight = testValues(inputs * outputs, stream: 40)
        // Most units are inactive, by margins of all sizes.
        let bias = testValues(outputs, stream: 41).map { 6 * $0 - 6 }
        func layer() -> Layer {
            Layer(
                bench, weight: weight, bias: bias, inputs: inputs, layout: layout, members: members)
        }
        var remembering = layer(), x = testValues(inputs, stream: 42).map(abs)
        var computedAnew = 0
        for step in 0..<200 {
            let size: Float = step == 150 ? 2000 : step % 10 == 0 ? 1 : step % 3 == 0 ? 0 : 0.003
            let change = testValues(inputs, stream: UInt64(100 + step))
            x = zip(x, change).map { max($0 + size * $1, 0) }
            if step == 151 { x = change.map(abs) }
            var fresh = layer()
            let expected = fresh(x, bench), found = remembering(x, bench)
            #expect(found == expected)
            computedAnew += fresh.computed
        }
        #expect(remembering.computed < computedAnew)
    }

    /// The worst case: x moves straight along a unit's weights, so that the bound is attained.
    @Test(arguments: cases)
    func aUnitIsListedInTime(layout: PackedLinear.Layout, members: Int) {
        let inputs = 9, outputs = 96
        let weight = (0..<inputs * outputs).map { Float(1 + $0 % inputs) / Float(1 + $0 / inputs) }
        let bias = (0..<outputs).map { -Float(1 + $0 % 32) / Float(1 + $0) }
        var layer = Layer(
            bench, weight: weight, bias: bias, inputs: inputs, layout: layout, members: members)
        // ‖w_j‖ (1 + j) = √285, and unit j becomes active when x is (1 + j % 32) / √285 long.
        let norm = Float(285).squareRoot()
        for step in 0..<400 {
            let length = Float(step) * 0.11 / norm
            let x = (0..<inputs).map { length * Float(1 + $0) / norm }
            let expected = Set((0..<outputs).filter { Float(1 + $0 % 32) / norm < length * 0.99999 })
            let certain = Set((0..<outputs).filter { Float(1 + $0 % 32) / norm < length * 1.00001 })
            let active = Set(layer(x, bench).keys)
            #expect(expected.isSubset(of: active) && active.isSubset(of: certain))
        }
    }

    /// A unit may be left out of a layer's next evaluation, not out of the list while it is active.
    @Test func activeUnitsAreNeverLeftOut() {
        var layer = Layer(
            bench, weight: [1, -1], bias: [0.5, -5], inputs: 1, layout: .outputMajor, members: 1)
        for _ in 0..<5 { #expect(layer([0.25], bench) == [0: 0.75]) }
        // Both units once, then the active one four times.
        #expect(layer.computed == 6)
    }
}
