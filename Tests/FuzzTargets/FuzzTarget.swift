/// A law that some bytes break.
public struct Finding: Error {
    public let text: String

    init(_ text: String) { self.text = text }
}

/// What reads bytes from outside, and the laws that it has to keep for all of them. libFuzzer looks for
/// bytes that break one (`.ci/fuzz`); the tests try the seeds with some damage.
public enum FuzzTarget: String, CaseIterable, Sendable {
    case http, tls, requests, json, png, pickle, safetensors, idx, expressions

    /// Blocks its thread: what it waits for may need all threads that tasks run on.
    ///
    /// - Throws: the law that the bytes break. Reading out of bounds and overflows end the program.
    public func run(_ bytes: [UInt8]) throws(Finding) {
        switch self {
        case .http: try Self.parseRequests(bytes)
        case .tls: try Self.speakTLS(bytes)
        case .requests: try Self.askTheAPI(bytes)
        case .json: try Self.readJSON(bytes)
        case .png: try Self.decodePNG(bytes)
        case .pickle: try Self.openCheckpoint(Self.torchFile(bytes))
        case .safetensors: try Self.openCheckpoint(bytes)
        case .idx: try Self.readIDX(bytes)
        case .expressions: try Self.evaluate(bytes)
        }
    }

    /// Bytes for damage to begin with: some that are accepted, some that broke a law once.
    public var seeds: [[UInt8]] {
        switch self {
        case .http: Self.messages
        case .tls: Self.tlsInputs
        case .requests: Self.requestSeeds
        case .json: Self.texts
        case .png: Self.pictures
        case .pickle: [Self.stateDict]
        case .safetensors: [Self.tensors, Self.torchFile(Self.stateDict)] + Self.flows
        case .idx: [Self.images, Self.hugeImage]
        case .expressions: Self.sources
        }
    }

    /// Texts that inputs are made of, of at most 64 bytes.
    public var words: [String] {
        switch self {
        case .requests: Self.requestWords.filter { 1...64 ~= $0.utf8.count }.sorted()
        default: []
        }
    }

    /// How often the tests damage each seed.
    public var repetitions: Int {
        switch self {
        case .tls: 40
        case .requests: 20
        default: 500
        }
    }
}
