import CKernels
import Testing

/// Every instruction set notes the plain reference's bits about a layer.
@Suite struct RectifyTests {

    /// A layer of `groups` × 32 units and what a kernel leaves of it.
    private struct Layer: Equatable {
        var previous, inactiveUntil, value: [Float]
        var index, group: [UInt32]
        var units = 0, groups = 0
        var change: Float = 0, norm: Float = 0

        init(groups: Int) {
            previous = singles(32 * groups, stream: 31, sparse: true).map { max($0, 0) }
            inactiveUntil = Array(repeating: -7, count: 32 * groups)
            value = Array(repeating: 0, count: 32 * groups + 8)
            index = Array(repeating: 0, count: 32 * groups + 8)
            group = Array(repeating: 0, count: groups + 8)
        }

        mutating func rectify(_ set: ck_instruction_set, _ y: [Float], _ listed: [UInt32]) {
            let scale = singles(y.count, stream: 32).map { abs($0) + 0.1 }
            let slack = singles(y.count, stream: 33).map { abs($0) / 100 }
            scale.withUnsafeBufferPointer { scale in
                slack.withUnsafeBufferPointer { slack in
                    with(scale.baseAddress!, slack.baseAddress!) {
                        ck_rectify_groups(set, y, listed, listed.count, $0)
                    }
                }
            }
        }

        private mutating func with(
            _ scale: UnsafePointer<Float>, _ slack: UnsafePointer<Float>,
            _ body: (ck_layer) -> ck_activity
        ) {
            let done = previous.withUnsafeMutableBufferPointer { previous in
                inactiveUntil.withUnsafeMutableBufferPointer { inactiveUntil in
                    value.withUnsafeMutableBufferPointer { value in
                        index.withUnsafeMutableBufferPointer { index in
                            group.withUnsafeMutableBufferPointer { group in
                                body(ck_layer(
                                    scale: scale, slack: slack, base: 3, shrink: 0.75,
                                    inactive_until: inactiveUntil.baseAddress, previous: previous.baseAddress,
                                    index: index.baseAddress, value: value.baseAddress,
                                    group: group.baseAddress))
                            }
                        }
                    }
                }
            }
            (units, groups, change, norm) = (done.units, done.groups, done.change, done.norm)
        }
    }

    @Test(arguments: availableInstructionSets, [[], [0], [2, 3, 7]] as [[UInt32]])
    func activeUnitsAreThosePositive(set: ck_instruction_set, listed: [UInt32]) {
        var y = singles(8 * 32, stream: 30)
        y[3 * 32 + 5] = .nan
        for j in 7 * 32..<8 * 32 { y[j] = -abs(y[j]) }
        var plain = Layer(groups: 8), fast = plain
        let before = plain.previous
        plain.rectify(CK_PLAIN, y, listed)
        fast.rectify(set, y, listed)
        #expect(plain == fast)

        let columns = listed.flatMap { Int($0) * 32..<Int($0) * 32 + 32 }
        let active = columns.filter { y[$0] > 0 }
        #expect(fast.index[..<fast.units].map(Int.init) == active)
        #expect(fast.value[..<fast.units].elementsEqual(active.map { y[$0] }))
        #expect(fast.group[..<fast.groups].map { $0 } == listed.filter { group in
            active.contains { $0 / 32 == Int(group) }
        })
        for j in y.indices {
            #expect(fast.previous[j] == (columns.contains(j) ? (y[j] > 0 ? y[j] : 0) : before[j]))
        }
        let change = columns.reduce(0.0) { sum, j in
            let step = Double(fast.previous[j]) - Double(before[j])
            return sum + step * step
        }
        #expect(abs(Double(fast.change) - change) <= 1e-5 * change)
        for group in listed {
            // A number that is none may become anything at the next step.
            #expect((fast.inactiveUntil[Int(group)] == -.infinity) == (group == 3))
        }
        #expect(fast.inactiveUntil[1] == -7)
    }

    @Test(arguments: availableInstructionSets)
    func whatIsObservedIsTheChange(set: ck_instruction_set) {
        let groups = 6
        var x = singles(groups * 32, stream: 34)
        for j in 64..<96 { x[j] = 0 }
        var previous = singles(groups * 32, stream: 35), plainPrevious = previous
        var list = [UInt32](repeating: 99, count: groups), plainList = list
        let fast = ck_observe(set, x, 1, groups - 1, &previous, &list)
        let plain = ck_observe(CK_PLAIN, x, 1, groups - 1, &plainPrevious, &plainList)
        #expect(list == plainList && list == [1, 3, 4, 5, 99, 99])
        #expect(fast.groups == 4 && plain.groups == 4)
        #expect(previous == plainPrevious)
        #expect(previous[32...] == x[32...])
        #expect(fast.change.bitPattern == plain.change.bitPattern)
        #expect(fast.norm.bitPattern == plain.norm.bitPattern)
    }

    @Test(arguments: availableInstructionSets, [0, 1, 8, 13, 100])
    func whatIsNotProvablyInactiveIsListed(set: ck_instruction_set, n: Int) {
        var inactiveUntil = singles(n + 3, stream: 36)
        if n > 4 { inactiveUntil[5] = .nan }
        var index = [UInt32](repeating: 0, count: n + 8)
        for drift: Float in [-2, 0.1, 2, .infinity, .nan] {
            let count = ck_possibly_active(set, inactiveUntil, 3, n, drift, &index)
            #expect(index[..<count].map(Int.init) == (3..<n + 3).filter { !(inactiveUntil[$0] > drift) })
        }
    }
}
