import API
import Compute
import Fixtures
import HTTP
import HTTPTypes
import LinearAlgebra
import Logging
import Synchronization

/// The API over a model of 4 × 4 pixels, without sockets.
package struct APIClient: Sendable {
    package let compute: Compute
    package let application: Application
    private let declared: DeclaredReplies

    package init(
        threads: Int = 2, batch: Int = 8, queue: Int = 64,
        configuration: APIConfiguration = APIConfiguration(),
        of small: SmallModel = SmallModel(dimension: 16, width: 30), precision: Precision = .float16,
        others: [ServedModel] = [], files: PageFiles = PageFiles()
    ) throws {
        let model = try small.withFile { try LoadedModel(contentsOf: $0, precision: precision) }
        // The file is gone when the first reply asks for its digest: it stays mapped.
        compute = try Compute(
            models: [ServedModel(model.name, model)] + others,
            configuration: .init(threads: threads, batch: batch, queue: queue))
        application = Application(
            compute: compute, configuration: configuration, registry: PrometheusRegistry(),
            files: files, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        application.setReady(true)
        declared = DeclaredReplies(application.declarations)
    }

    private static let connections = Atomic<UInt64>(0)

    /// Returns once a compute thread is in some work.
    package func workHasBegun() async {
        while compute.workUnderWay == 0 { await Task.yield() }
    }

    package struct Reply: Sendable {
        package let status: Int
        package let headerFields: HTTPFields
        package let body: [UInt8]

        package var text: String { String(decoding: body, as: UTF8.self) }
        package var lines: [String] { text.split(separator: "\n").map(String.init) }

        /// Without its content coding.
        package func decoded() async throws -> Reply {
            guard headerFields[.contentEncoding] == "gzip", !body.isEmpty else { return self }
            let plain = try await Request(
                method: .post, target: "/", headerFields: [.contentEncoding: "gzip"], body: RequestBody(body)
            ).body.collect()
            return Reply(status: status, headerFields: headerFields, body: plain)
        }

        package func json() throws -> [String: JSON] {
            guard case .object(let fields) = try JSONReader.read(body) else { return [:] }
            return Dictionary(uniqueKeysWithValues: fields.map { ($0.name, $0.value) })
        }
    }

    package func send(
        _ method: HTTPRequest.Method = .get, _ target: String, _ body: String = "",
        type: String? = "application/json", accept: String? = nil
    ) async throws -> Reply {
        try await send(method, target, bytes: Array(body.utf8), type: type, accept: accept)
    }

    /// - Throws: `UndeclaredReply` where the reply is not what the endpoint's declaration says: so each reply of each
    ///   test is compared with it.
    package func send(
        _ method: HTTPRequest.Method = .post, _ target: String, bytes: [UInt8],
        type: String?, accept: String? = nil, fields: HTTPFields = [:]
    ) async throws -> Reply {
        var fields = fields
        if let type, !bytes.isEmpty { fields[.contentType] = type }
        if let accept { fields[.accept] = accept }
        // Each request comes over a connection of its own, as those of clients that do not wait for each other.
        let connection = Self.connections.wrappingAdd(1, ordering: .relaxed).newValue
        let request = try Request(
            method: method, target: target, headerFields: fields, body: RequestBody(bytes),
            client: ClientIdentity(address: "local", connection: connection))
        var response = application.respondImmediately(to: request)
        if response == nil { response = await application.respond(to: request) }
        guard let response else { fatalError("there is always a response") }
        let received = Received()
        switch response.body {
        case .bytes(let bytes): received.append(bytes)
        case .stream(let produce):
            if method != .head { _ = try await produce(ResponseWriter { received.append($0) }) }
        }
        let reply = Reply(
            status: response.status.code, headerFields: response.headerFields, body: received.bytes)
        if let complaint = declared.complaint(of: try await reply.decoded(), to: method, target) {
            throw UndeclaredReply(description: "\(method.rawValue) \(target): \(complaint)")
        }
        return reply
    }

    /// The reply whose `partial` is not null, of ever longer deadlines: in a short one a busy machine may
    /// not even begin.
    ///
    /// - Parameter target: without its deadline, which is appended.
    package func partialReply(
        _ method: HTTPRequest.Method = .get, _ target: String, _ body: String = ""
    ) async throws -> Reply {
        let separator = target.contains("?") ? "&" : "?"
        var reply: Reply
        var deadline = 0.2
        repeat {
            reply = try await send(method, "\(target)\(separator)deadline=\(deadline)", body)
            deadline *= 4
        } while reply.status == 504 && reply.text.contains("\"partial\": null") && deadline < 100
        return reply
    }

    private final class Received: Sendable {
        private let storage = Mutex<[UInt8]>([])
        var bytes: [UInt8] { storage.withLock { $0 } }
        func append(_ bytes: [UInt8]) { storage.withLock { $0 += bytes } }
    }
}

/// A 4 × 4 image in JSON, with nulls where `missing` says so.
package func imageJSON(missing: Set<Int> = []) -> String {
    let cells = (0..<16).map { missing.contains($0) ? "null" : "\(Double($0) / 16)" }
    let rows = (0..<4).map { "[" + cells[$0 * 4..<$0 * 4 + 4].joined(separator: ",") + "]" }
    return "[" + rows.joined(separator: ",") + "]"
}
