// Which request is refused when there are more than the limit.
extension Scheduler {
    /// Makes room for one more request of a client where the limit has been reached, by refusing another one: the
    /// latest that has not begun, of the address with the most requests or else of the client's own connection
    /// with the most. So nobody can keep others out by sending many requests.
    ///
    /// - Returns: the request that was refused, out of the queue.
    /// - Throws: `ComputeError.queueFull` where nobody has more than the client himself.
    func makeRoom(for client: WorkContext.Client, in state: inout State) throws(ComputeError) -> Entry? {
        guard state.requests >= configuration.batch + configuration.queue else { return nil }
        let counts = state.queue.counts { $0.isCounted }
        let totals = counts.mapValues { $0.values.reduce(0, +) }
        let own = totals[client.address, default: 0]
        let heaviest = totals.max { ($0.value, $1.key) < ($1.value, $0.key) }
        if let heaviest, heaviest.value > own + 1 {
            if let refused = refuseLast(of: heaviest.key, counts[heaviest.key] ?? [:], in: &state) { return refused }
            // All of theirs have begun. An address that has nothing here yet is admitted beyond the limit:
            // there are no more such addresses than connections.
            if own == 0 { return nil }
        }
        let ownConnections = counts[client.address] ?? [:]
        if (ownConnections.values.max() ?? 0) > ownConnections[client.connection, default: 0] + 1,
            let refused = refuseLast(of: client.address, ownConnections, in: &state)
        {
            return refused
        }
        metrics.rejected.increment()
        throw .queueFull
    }

    private func refuseLast(of address: String, _ connections: [UInt64: Int], in state: inout State) -> Entry? {
        let byCount = connections.sorted { ($0.value, $0.key) > ($1.value, $1.key) }
        for (connection, _) in byCount {
            let client = WorkContext.Client(address: address, connection: connection)
            if let entry = state.queue.last(of: client, where: { $0.isCounted && !$0.hasBegun }) {
                remove(entry, from: &state)
                entry.completion = { [work = entry.work] in work.fail(ComputeError.queueFull) }
                metrics.rejected.increment()
                return entry
            }
        }
        return nil
    }
}
