#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Work items by client, in the order in which threads should take them up: least attained service first.
///
/// Of all addresses the one that has had the least compute of late comes first, of its connections the one
/// that has had the least, and of that one's items the one that came first. So a newcomer's short work goes
/// before that of clients who keep the machine busy, however much of it they send, and the answers to a
/// stream of requests come one after the other. What a client has had is forgotten by half every ten seconds.
package struct FairQueue<Item: AnyObject> {
    private struct Entry {
        let item: Item
        let number: UInt64
    }

    private struct Connection {
        var service = DecayingSum()
        /// In the order in which they came.
        var entries: [Entry] = []
    }

    private struct Address {
        var service = DecayingSum()
        var connections: [UInt64: Connection] = [:]

        /// The number of the item that came first; nil without items.
        var first: UInt64? { connections.values.compactMap(\.entries.first?.number).min() }

        mutating func insert(_ item: Item, _ number: UInt64, of connection: UInt64) {
            connections[connection, default: Connection()].entries.append(Entry(item: item, number: number))
        }

        mutating func charge(_ seconds: Double, to connection: UInt64, at now: ContinuousClock.Instant) {
            service.add(seconds, at: now)
            connections[connection]?.service.add(seconds, at: now)
        }
    }

    private var addresses: [String: Address] = [:]
    private var nextNumber: UInt64 = 0
    private var insertionsToPruning = 256

    /// All items, in no particular order.
    package private(set) var items: [Item] = []
    package var count: Int { items.count }

    package init() {}

    package mutating func insert(_ item: Item, of client: WorkContext.Client, at now: ContinuousClock.Instant) {
        insertionsToPruning -= 1
        if insertionsToPruning <= 0 { prune(at: now) }
        addresses[client.address, default: Address()].insert(item, nextNumber, of: client.connection)
        items.append(item)
        nextNumber += 1
    }

    /// Takes an item out. What its client has had is still remembered.
    package mutating func remove(_ item: Item, of client: WorkContext.Client) {
        guard let index = items.firstIndex(where: { $0 === item }) else { return }
        items.swapAt(index, items.count - 1)
        items.removeLast()
        addresses[client.address]?.connections[client.connection]?.entries.removeAll { $0.item === item }
    }

    /// Counts compute time that an item has had towards its client's.
    package mutating func charge(_ time: Duration, to client: WorkContext.Client, at now: ContinuousClock.Instant) {
        addresses[client.address]?.charge(time / .seconds(1), to: client.connection, at: now)
    }

    /// The item to work on next, among those that are ready.
    package func first(at now: ContinuousClock.Instant, where isReady: (Item) -> Bool) -> Item? {
        if items.count <= 1 { return items.first(where: isReady) }
        var addresses: [(service: Double, first: UInt64, connections: [UInt64: Connection])] = []
        for address in self.addresses.values {
            guard let first = address.first else { continue }
            addresses.append((address.service.value(at: now), first, address.connections))
        }
        addresses.sort { ($0.service, $0.first) < ($1.service, $1.first) }
        for address in addresses {
            var connections: [(service: Double, first: UInt64, entries: [Entry])] = []
            for connection in address.connections.values {
                guard let first = connection.entries.first else { continue }
                connections.append((connection.service.value(at: now), first.number, connection.entries))
            }
            connections.sort { ($0.service, $0.first) < ($1.service, $1.first) }
            for connection in connections {
                if let entry = connection.entries.first(where: { isReady($0.item) }) { return entry.item }
            }
        }
        return nil
    }

    /// How many items of each connection fulfil a condition, by address.
    package func counts(where condition: (Item) -> Bool) -> [String: [UInt64: Int]] {
        addresses.mapValues { $0.connections.mapValues { $0.entries.count { condition($0.item) } } }
    }

    /// The item of a connection that came last, among those that fulfil a condition.
    package func last(of client: WorkContext.Client, where condition: (Item) -> Bool) -> Item? {
        addresses[client.address]?.connections[client.connection]?.entries.last { condition($0.item) }?.item
    }

    /// Forgets clients who have nothing here and have had next to nothing of late.
    private mutating func prune(at now: ContinuousClock.Instant) {
        var left = 0
        for (name, address) in addresses {
            let kept = address.connections.filter {
                !$0.value.entries.isEmpty || $0.value.service.value(at: now) > 1e-3
            }
            if kept.isEmpty && address.service.value(at: now) <= 1e-3 {
                addresses[name] = nil
            } else {
                addresses[name]?.connections = kept
                left += kept.count + 1
            }
        }
        insertionsToPruning = max(256, left)
    }
}

/// A sum whose older parts count for less: half every ten seconds.
struct DecayingSum {
    private var sum = 0.0
    private var updated: ContinuousClock.Instant?
    private static let halfLife = Duration.seconds(10)

    func value(at now: ContinuousClock.Instant) -> Double {
        guard let updated, now > updated else { return sum }
        return sum * exp2(-((now - updated) / Self.halfLife))
    }

    mutating func add(_ amount: Double, at now: ContinuousClock.Instant) {
        sum = value(at: now) + amount
        updated = max(now, updated ?? now)
    }
}
