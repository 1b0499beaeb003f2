import HTTPTypes

/// One request of the sweep.
package struct SweepRequest: Sendable, CustomStringConvertible {
    package var method: HTTPRequest.Method
    package var target: String
    package var contentType: String?
    package var contentEncoding: String?
    package var accept: String?
    package var body: [UInt8]

    package init(
        method: HTTPRequest.Method = .get, target: String, contentType: String? = nil, contentEncoding: String? = nil,
        accept: String? = nil, body: [UInt8] = []
    ) {
        self.method = method
        self.target = target
        self.contentType = contentType
        self.contentEncoding = contentEncoding
        self.accept = accept
        self.body = body
    }

    package var path: String { String(target.prefix { $0 != "?" }) }

    package var description: String {
        "\(method.rawValue) \(target) Content-Type: \(contentType ?? "-") Content-Encoding: \(contentEncoding ?? "-") Accept: \(accept ?? "-") "
            + String(decoding: body.prefix(2000), as: UTF8.self)
    }
}

extension APIClient {
    package func send(_ request: SweepRequest) async throws -> Reply {
        try await send(
            request.method, request.target, bytes: request.body, type: request.contentType, accept: request.accept,
            fields: request.contentEncoding.map { [.contentEncoding: $0] } ?? [:])
    }
}
