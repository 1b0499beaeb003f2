import Compute
import HTTP
import HTTPTypes
import NormalizingFlows

extension Problem {
    /// Every error that an endpoint can throw, as a problem. Called in one place.
    init(_ error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case let error as JSONSyntaxError:
            self = .malformed(
                "The body is not JSON: \(error.reason) (line \(error.line), column \(error.column)).")
        case let error as ProtocolError:
            self = Problem(error.status, error.detail)
            if let seconds = error.retryAfter { headerFields[.retryAfter] = "\(seconds)" }
        case ComputeError.queueFull:
            self = Problem(.serviceUnavailable, "As many requests wait as may. Try again shortly.")
            headerFields[.retryAfter] = "1"
        case ComputeError.draining:
            self = Problem(.serviceUnavailable, "The server is shutting down. Try another one.")
            headerFields[.retryAfter] = "5"
        case ComputeError.interrupted(let work):
            switch work.reason {
            case .deadline:
                self = Problem(.gatewayTimeout, "The deadline passed before the work was done. "
                    + "Ask for less work, or for more time with deadline=SECONDS.",
                    culprit: .parameter("deadline"))
            case .shutdown:
                self = Problem(.serviceUnavailable,
                    "The server shut down before the work was done. Send the request again.")
                headerFields[.retryAfter] = "5"
            }
            extensions = [("partial", .null)]
            headerFields.setServerTiming(work.timing)
        case let error as NonFiniteValue:
            self = .invalid("The model cannot compute this: \(error). Less extreme numbers may do.")
        case is CancellationError:
            self = Problem(.init(code: 499, reasonPhrase: "Client Closed Request"),
                "The client went away.")
        default:
            self = Problem(.internalServerError, "Something went wrong here, not in the request.")
        }
    }
}
