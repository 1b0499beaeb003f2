import Testing

import API

@Suite struct OrderedWindowTests {
    @Test(arguments: [1, 3, 50])
    func resultsLeaveInOrderWhateverTheyArriveIn(capacity: Int) async {
        let window = OrderedWindow<Int>(capacity: capacity)
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await withDiscardingTaskGroup { work in
                    for number in 0..<200 {
                        guard let place = await window.reserve() else { return }
                        #expect(place == number)
                        work.addTask {
                            // Later ones are often ready sooner.
                            for _ in 0..<((200 - number) % 7) { await Task.yield() }
                            window.put(number, at: place)
                        }
                    }
                }
                window.close()
            }
            var seen: [Int] = []
            while let number = await window.next() { seen.append(number) }
            #expect(seen == Array(0..<200))
        }
    }

    @Test func closingFreesAWriterThatWaits() async {
        // Whether it waits already or comes later.
        for round in 0..<200 {
            let window = OrderedWindow<Int>(capacity: 1)
            #expect(await window.reserve() == 0)
            async let second = window.reserve()
            for _ in 0..<round % 8 { await Task.yield() }
            window.close()
            #expect(await second == nil)
        }
    }

    /// Whether the reader waits already or comes later, and whether places are still open.
    @Test func aLastElementComesAfterAllOthers() async {
        for round in 0..<200 {
            let window = OrderedWindow<Int>(capacity: 4)
            for place in 0..<round % 3 { #expect(await window.reserve() == place) }
            async let seen = {
                var seen: [Int] = []
                while let number = await window.next() { seen.append(number) }
                return seen
            }()
            for _ in 0..<round % 8 { await Task.yield() }
            window.close(after: 9)
            window.close(after: 10)
            for place in 0..<round % 3 { window.put(place, at: place) }
            #expect(await seen == Array(0..<round % 3) + [9])
            #expect(await window.reserve() == nil)
        }
    }
}
