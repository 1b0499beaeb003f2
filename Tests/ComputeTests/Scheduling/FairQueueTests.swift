import Compute
import Testing

@Suite struct FairQueueTests {
    private final class Item {}

    private let start = ContinuousClock.now
    private let a1 = WorkContext.Client(address: "a", connection: 1)
    private let a2 = WorkContext.Client(address: "a", connection: 2)
    private let b1 = WorkContext.Client(address: "b", connection: 3)

    /// Takes the items in the queue's order, each for so long, until all have had `slices`.
    private func order(
        _ queue: inout FairQueue<Item>, _ clients: [(Item, WorkContext.Client)], slices: Int
    ) -> [Int] {
        var left = clients.map { _ in slices }, order: [Int] = []
        while let item = queue.first(at: start, where: { _ in true }),
            let index = clients.firstIndex(where: { $0.0 === item })
        {
            order.append(index)
            queue.charge(.milliseconds(10), to: clients[index].1, at: start)
            left[index] -= 1
            if left[index] == 0 { queue.remove(item, of: clients[index].1) }
        }
        return order
    }

    /// So that the answers to a stream of requests come one after the other, not all at the end.
    @Test func itemsOfOneConnectionComeInTheirOrder() {
        var queue = FairQueue<Item>()
        let items = (0..<3).map { _ in (Item(), a1) }
        for (item, client) in items { queue.insert(item, of: client, at: start) }
        #expect(order(&queue, items, slices: 3) == [0, 0, 0, 1, 1, 1, 2, 2, 2])
        #expect(queue.count == 0)
    }

    /// While a thread is in the first, another one begins the second.
    @Test func theFirstReadyItemOfAConnectionIsGivenOut() {
        var queue = FairQueue<Item>()
        let items = (0..<3).map { _ in Item() }
        for item in items { queue.insert(item, of: a1, at: start) }
        #expect(queue.first(at: start, where: { $0 !== items[0] }) === items[1])
        queue.remove(items[1], of: a1)
        #expect(queue.first(at: start, where: { $0 !== items[0] }) === items[2])
    }

    /// However many items a client has, he gets no more than another with one.
    @Test func clientsShareNotItems() {
        var queue = FairQueue<Item>()
        let items = (0..<5).map { _ in (Item(), a1) } + [(Item(), b1)]
        for (item, client) in items { queue.insert(item, of: client, at: start) }
        let order = order(&queue, items, slices: 4)
        // Until the lone item ends, the two addresses alternate.
        #expect(order.prefix(8).count { $0 == 5 } == 4)
    }

    @Test func addressesComeBeforeConnections() {
        var queue = FairQueue<Item>()
        let items = [(Item(), a1), (Item(), a2), (Item(), b1)]
        for (item, client) in items { queue.insert(item, of: client, at: start) }
        // b has as much as both connections of a together.
        #expect(order(&queue, items, slices: 4).prefix(8).count { $0 == 2 } == 4)
    }

    @Test func aNewConnectionGoesBeforeOneThatHasHadMuch() {
        var queue = FairQueue<Item>()
        let old = Item(), new = Item()
        queue.insert(old, of: a1, at: start)
        queue.charge(.seconds(1), to: a1, at: start)
        queue.insert(new, of: a2, at: start)
        #expect(queue.first(at: start, where: { _ in true }) === new)
        queue.charge(.seconds(2), to: a2, at: start)
        #expect(queue.first(at: start, where: { _ in true }) === old)
    }

    /// What was had long ago counts for little.
    @Test func serviceIsForgotten() {
        var queue = FairQueue<Item>()
        let early = Item(), late = Item(), hourLater = start + .seconds(3600)
        queue.insert(early, of: a1, at: start)
        queue.insert(late, of: b1, at: start)
        queue.charge(.seconds(100), to: a1, at: start)
        queue.charge(.milliseconds(1), to: b1, at: hourLater)
        #expect(queue.first(at: start, where: { _ in true }) === late)
        #expect(queue.first(at: hourLater, where: { _ in true }) === early)
    }

    @Test func onlyReadyItemsAreGivenOut() {
        var queue = FairQueue<Item>()
        let stalled = Item(), ready = Item()
        queue.insert(stalled, of: a1, at: start)
        queue.insert(ready, of: b1, at: start)
        queue.charge(.seconds(1), to: b1, at: start)
        #expect(queue.first(at: start, where: { $0 !== stalled }) === ready)
        #expect(queue.first(at: start, where: { _ in false }) == nil)
    }

    @Test func thousandsOfClientsWhoCameAndWentLeaveThoseWhoWait() {
        var queue = FairQueue<Item>()
        let waiting = Item()
        queue.insert(waiting, of: b1, at: start)
        for number in 0..<5000 {
            let item = Item(), client = WorkContext.Client(address: "c", connection: UInt64(number))
            queue.insert(item, of: client, at: start)
            queue.remove(item, of: client)
        }
        #expect(queue.count == 1)
        #expect(queue.first(at: start, where: { _ in true }) === waiting)
        #expect(queue.counts { _ in true }.values.reduce(0) { $0 + $1.count } < 1000)
    }
}
