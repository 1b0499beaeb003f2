extension ConvolutionBenchmark {
    /// NumPy's times.
    package struct PeerRow {
        let name: String
        /// Seconds.
        let forward, gradient: Double
    }

    /// Reads what `peerScript` printed.
    package static func peerRows(_ output: [UInt8]) -> [PeerRow] {
        String(decoding: output, as: UTF8.self).split(separator: "\n").compactMap { line in
            let fields = line.split(separator: "\t")
            guard fields.count == 3, let forward = Double(fields[1]), let gradient = Double(fields[2]) else {
                return nil
            }
            return PeerRow(name: String(fields[0]), forward: forward, gradient: gradient)
        }
    }

    /// The table of `riviera benchmark convolution`.
    package func table(_ results: [Result], _ peers: [PeerRow]) -> MarkdownTable {
        var table = MarkdownTable(columns: [
            "\(shape) doubles, milliseconds, one thread", "forward", "gradient", "both",
            "memory traffic alone", "of that", "GB/s",
        ])
        for result in results {
            table.append(
                ["Riviera, batch in \(result.residence.rawValue)"]
                    + Self.milliseconds(result.forward, result.gradient)
                    + [
                        (1e3 * result.traffic).threeDigits, result.ratio.threeDigits + "×",
                        (result.bandwidth / 1e9).threeDigits,
                    ])
        }
        for peer in peers {
            table.append([peer.name] + Self.milliseconds(peer.forward, peer.gradient) + ["–", "–", "–"])
        }
        return table
    }

    private static func milliseconds(_ forward: Double, _ gradient: Double) -> [String] {
        [forward, gradient, forward + gradient].map { (1e3 * $0).threeDigits }
    }
}
