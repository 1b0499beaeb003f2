import Fixtures
import LinearAlgebra
import Synchronization
import Testing

@Suite struct ThreadTeamTests {
    @Test(arguments: 1...5, [0, 1, 2, 7, 16, 100])
    func theSharesAreAllItemsOnce(members: Int, count: Int) {
        let team = ThreadTeam()
        let shares = (0..<members).map { ThreadTeam.Member($0, of: members, in: team).share(of: count) }
        #expect(shares.flatMap { Array($0) } == Array(0..<count))
    }

    /// What each wrote before a meeting, all see after it; nobody is a round ahead.
    @Test(arguments: 1...4)
    func nobodyPassesAMeetingBeforeAllHaveCome(members: Int) {
        let team = ThreadTeam(), rounds = 500
        let progress = (0..<members).map { _ in PaddedAtomic() }, wrong = PaddedAtomic()
        runTogether(members) { index in
            let member = ThreadTeam.Member(index, of: members, in: team)
            for round in 1...rounds {
                progress[index].value.store(round, ordering: .relaxed)
                member.arriveAndWait()
                for other in progress where other.value.load(ordering: .relaxed) < round {
                    wrong.value.add(1, ordering: .relaxed)
                }
                member.arriveAndWait()
                for other in progress where other.value.load(ordering: .relaxed) > round + 1 {
                    wrong.value.add(1, ordering: .relaxed)
                }
            }
        }
        #expect(wrong.value.load(ordering: .relaxed) == 0)
    }
}
