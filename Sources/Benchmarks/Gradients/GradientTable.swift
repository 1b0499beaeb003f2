import API
import Streams

/// The table of `riviera benchmark gradients`.
package enum GradientTable {
    package struct Row {
        let name: String
        let seconds, processorSeconds: Double
        /// Where each estimator ended.
        let ends: [(mu: Double, sigma: Double)]
    }

    package static func row(_ result: GradientBenchmark.Result) -> Row {
        Row(
            name: "Riviera, median of \(result.durations.count)", seconds: result.median / .seconds(1),
            processorSeconds: result.medianProcessorTime / .seconds(1),
            ends: result.report.estimators.map { ($0.final.mu, $0.final.sigma) })
    }

    /// Reads what `GradientBenchmark.peerScript` printed.
    ///
    /// - Throws: `FileError` for anything else.
    package static func peerRows(_ output: [UInt8]) throws(FileError) -> [Row] {
        guard let json = try? JSONReader.read(output), let version = json["torch"]?.text else {
            throw FileError("the peer script", "it printed something other than its result")
        }
        let loops = [("autograd", "autograd and SGD"), ("by_hand", "gradient by hand, no_grad")]
        return try loops.map { (field, name) throws(FileError) in
            guard let loop = json[field], let seconds = loop["seconds"]?.double,
                let processorSeconds = loop["processor_seconds"]?.double, let ends = loop["final"]
            else { throw FileError("the peer script", "its result has no “\(field)”") }
            let pairs = ["log_derivative", "reparameterization"].compactMap { estimator in
                let pair = ends[estimator]?.elements?.compactMap(\.double) ?? []
                return pair.count == 2 ? (pair[0], pair[1]) : nil
            }
            return Row(
                name: "PyTorch \(version), \(name)", seconds: seconds,
                processorSeconds: processorSeconds, ends: pairs)
        }
    }

    /// - Parameter rows: Riviera's first, which the others are compared with.
    package static func table(_ rows: [Row]) -> MarkdownTable {
        var table = MarkdownTable(columns: [
            "default /gradients request, one thread", "seconds", "processor seconds", "of Riviera",
            "log-derivative ends at (μ, σ)", "reparameterization",
        ])
        for row in rows {
            let ends = row.ends.map { "(\($0.mu.fixed(4)), \($0.sigma.fixed(4)))" }
            table.append(
                [
                    row.name, row.seconds.fixed(4), row.processorSeconds.fixed(4),
                    (row.processorSeconds / rows[0].processorSeconds).threeDigits + "×",
                ] + (0..<2).map { $0 < ends.count ? ends[$0] : "–" })
        }
        return table
    }
}
