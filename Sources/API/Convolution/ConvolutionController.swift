import Compute
import HTTP
import HTTPTypes
import LinearAlgebra
import NormalizingFlows

/// `POST /invertible-convolution`: mixes the channels of an image by A = P L (U + diag(s)), or
/// undoes it.
struct ConvolutionController: Sendable {
    let compute: Compute
    let limits: ConvolutionLimits

    var endpoint: Endpoint { Endpoint(.convolution(ConvolutionFields(limits: limits)), action: respond) }

    @Sendable private func respond(to call: Call) async throws -> Response {
        let request = try ConvolutionRequest(try await call.jsonExchange(), limits: limits)
        // The output, and the weights, of which there may be as many.
        try call.request.memory.reserve(2 * request.input.elements.count * MemoryLayout<Double>.size)
        let result: Timed<ConvolutionRun>
        do {
            result = try await reportingPartial {
                try await compute.convolve(
                    request.input, inverse: request.inverse, in: call.context(),
                    through: request.layer)
            } partial: { (run: ConvolutionRun) in
                .object([
                    ("positions_done", .integer(run.positionsDone)),
                    ("positions", .integer(run.positions)),
                ])
            }
        } catch let error as LayerError {
            throw Problem(naming: error)
        }
        return .json(json(result.value, of: request), timing: result.timing)
    }

    private func json(_ run: ConvolutionRun, of request: ConvolutionRequest) -> JSON {
        let shape = request.input.shape
        var fields: [(name: String, value: JSON)] = [
            (
                "output",
                .generated(shape.channels) { [elements = run.output.elements] channel in
                    .generated(shape.rows) { row in
                        let first = (channel * shape.rows + row) * shape.columns
                        return .numbers(Array(elements[first..<first + shape.columns]))
                    }
                }
            ),
            ("log_abs_det", .number(run.logAbsDeterminant)),
            ("sign", .integer(run.determinantSign)),
            (
                "weight",
                request.conditioner?.perPosition == true
                    ? .generated(shape.rows) { [weights = run.weights] row in
                        .generated(shape.columns) { rows(weights[row * shape.columns + $0]) }
                    }
                    : rows(run.weights[0])
            ),
            ("inverse", .bool(request.inverse)),
        ]
        if let reproduce = request.conditioner?.reproduce {
            fields.append(("reproduce", .object([("conditioner", reproduce)])))
        }
        return .object(fields)
    }

    private func rows(_ matrix: Matrix) -> JSON {
        .generated(matrix.rows) { .numbers(Array(matrix[row: $0])) }
    }
}
