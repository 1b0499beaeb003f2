/// Counts hits by event while gamblers come in: in an array where the events are few,
/// else in a dictionary.
struct HitCounter {
    private let goal: Int64
    private let width: Int
    private var dense: [UInt64]
    private var sparse: [HittingEvent: UInt64] = [:]

    init(_ ruin: GamblersRuin) {
        goal = ruin.goal
        width = Int(ruin.largestWin)
        let (events, overflow) = Int(ruin.maximumGames).multipliedReportingOverflow(by: width)
        dense = overflow || events > 1 << 14 ? [] : [UInt64](repeating: 0, count: events)
    }

    mutating func add(games: UInt64, position: Int64) {
        if dense.isEmpty {
            sparse[HittingEvent(games: games, position: position), default: 0] += 1
        } else {
            dense[(Int(games) - 1) * width + Int(position - goal)] += 1
        }
    }

    /// Ascending by event.
    var counts: [RuinMoments.HitCount] {
        if dense.isEmpty {
            return sparse.sorted { $0.key < $1.key }.map { .init(event: $0.key, count: $0.value) }
        }
        return dense.indices.filter { dense[$0] > 0 }.map { index in
            let event = HittingEvent(
                games: UInt64(index / width) + 1, position: goal + Int64(index % width))
            return .init(event: event, count: dense[index])
        }
    }
}
