import LinearAlgebra
import Testing

@Suite struct PermutationTests {
    @Test func onlyPermutationsAreOnes() {
        #expect([2, 0, 1].isPermutation && [Int]().isPermutation)
        #expect(![0, 0].isPermutation && ![1, 2].isPermutation && ![-1, 0].isPermutation)
    }

    @Test func theSignCountsTheExchangesThatSort() {
        for code in 0..<3125 {
            var order = (0..<5).map { code / [1, 5, 25, 125, 625][$0] % 5 }
            guard order.isPermutation else { continue }
            let sign = order.permutationSign, inverse = order.inversePermutation
            #expect(inverse.map { order[$0] } == [0, 1, 2, 3, 4] && inverse.permutationSign == sign)
            var exchanges = 0
            for i in 0..<5 where order[i] != i {
                order.swapAt(i, order.firstIndex(of: i)!)
                exchanges += 1
            }
            #expect(sign == (exchanges % 2 == 0 ? 1 : -1))
        }
    }
}
