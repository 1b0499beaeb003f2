import Synchronization

/// What a call of Compute belongs to: on whose behalf the work is done, and by when.
public struct WorkContext: Sendable {
    /// Work that is not done by then ends with `ComputeError.interrupted`; nil = no deadline.
    public var deadline: ContinuousClock.Instant?
    /// The client on whose behalf: clients share the compute threads and the queue.
    public var client: Client
    /// Whether the work waits for as long as it must, without being counted among the requests that may
    /// wait: for callers who bound how much they have waiting themselves, as a stream of lines does.
    public var waitsForPlace: Bool

    public init(
        deadline: ContinuousClock.Instant? = nil, client: Client = .local, waitsForPlace: Bool = false
    ) {
        self.deadline = deadline
        self.client = client
        self.waitsForPlace = waitsForPlace
    }

    /// No deadline, on behalf of the process itself.
    public static var unlimited: WorkContext { WorkContext() }
}

extension WorkContext {
    /// Whose requests count as one client's: those of one connection, and above it those of one address.
    public struct Client: Sendable, Hashable {
        /// The peer's address without its port; the same for all connections of one host.
        public let address: String
        /// A number that no other connection has.
        public let connection: UInt64

        public init(address: String, connection: UInt64) {
            self.address = address
            self.connection = connection
        }

        /// The process itself, by a connection of its own at each call: its pieces of work do not wait for each other.
        public static var local: Client {
            Client(address: "", connection: ownConnections.wrappingAdd(1, ordering: .relaxed).newValue)
        }

        private static let ownConnections = Atomic<UInt64>(0)
    }
}
