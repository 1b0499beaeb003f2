import Compute
import HTTP
import HTTPTypes
import LinearAlgebra
import NormalizingFlows

extension Problem {
    /// Every error that an endpoint can throw, as a problem: for the reply, for a line of a stream, and for
    /// those who add what had been reached by a deadline.
    init(_ error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case let error as JSONError: self = Problem(error, of: "The body")
        case let error as ProtocolError:
            self = Problem(error.status, error.detail)
            if let seconds = error.retryAfter { headerFields[.retryAfter] = "\(seconds)" }
            if error.status == .unsupportedMediaType { headerFields[.acceptEncoding] = ContentCoding.supported }
        case ComputeError.queueFull:
            self = Problem(.serviceUnavailable, "The queue is full. Try again shortly.")
            headerFields[.retryAfter] = "1"
        case ComputeError.draining:
            self = Problem(.serviceUnavailable, "The server is shutting down. Try another server.")
            headerFields[.retryAfter] = "5"
        case ComputeError.interrupted(let work):
            switch work.reason {
            case .deadline:
                self = Problem(
                    .gatewayTimeout,
                    "The deadline passed before the work was done. "
                        + "Ask for less work, or for more time with deadline=SECONDS.",
                    culprit: .parameter("deadline"))
            case .shutdown:
                self = Problem(
                    .serviceUnavailable,
                    "The server shut down before the work was done. Send the request again.")
                headerFields[.retryAfter] = "5"
            }
            extensions = [("partial", .null)]
            headerFields.setServerTiming(work.timing)
        case let error as NonFiniteValue:
            self = .invalid("The model cannot compute this: \(error). Less extreme numbers may work.")
        case let error as NotPositiveDefinite:
            self = .invalid(
                "The weights file's covariance of the training images cannot be used: \(error). "
                    + "Take another “initial” than “conditional_mean”.")
        case is OutOfMemory:
            self = Problem(.serviceUnavailable, "The server has no memory left for this request. Try again later.")
            headerFields[.retryAfter] = "5"
        case is CancellationError:
            self = Problem(
                .init(code: 499, reasonPhrase: "Client Closed Request"),
                "The client closed the connection.")
        default:
            self = Problem(.internalServerError, "The server failed. The request is not to blame.")
        }
    }

    /// - Parameter subject: what was read: “The body”.
    init(_ error: JSONError, of subject: String) {
        let place = "line \(error.line), column \(error.column)"
        switch error.kind {
        case .syntax: self = .malformed("\(subject) is not JSON: \(error.reason) (\(place)).")
        case .depth:
            self = .malformed(
                "\(subject) cannot be read: \(error.reason) (\(place)).", error.pointer.map { .pointer($0) })
        case .value:
            self = .invalid(
                "\(subject) is JSON, but \(error.reason) (\(place)).", error.pointer.map { .pointer($0) })
        }
    }
}
