import API
import Benchmarks
import Compute
import LinearAlgebra
import NormalizingFlows
import Streams

extension Evaluate {
    /// `riviera evaluate --photographs FOLDER`
    func evaluatePhotographs(in folder: String) async throws {
        let photographs = try TrainingImages.pictures(in: folder).map { path in
            do {
                return try PNG.decodePhotograph(try readFile(path, atMost: 1 << 26), atMost: 1 << 24)
            } catch let error as PNGError {
                throw FileError(path, "\(error)")
            }
        }
        let masks = try photographMasks()
        let path = try models.first ?? BundledFiles.weights("\(BundledModel.photographs).safetensors")
        let prior = try PhotographPrior(contentsOf: path)
        let quality = PhotographQuality(photographs, seed: seed)
        let compute = try Compute(
            model: nil, configuration: ComputeConfiguration(threads: threads ?? ProcessorCount.available(), batch: 64))
        defer { compute.stop() }
        let peer = photographPeer(), line = ProgressLine()
        Interruption.onRequest { compute.endAll() }
        let methods = ["photographs", "start"] + (peer?.methods ?? [])
        // By mask, method and photograph.
        var scores = masks.map { _ in methods.map { _ in [Double]() } }
        do {
            for (row, mask) in masks.enumerated() {
                for (column, method) in methods.enumerated() {
                    try await quality.evaluate(under: mask, into: &scores[row][column]) { number, missing in
                        let place = "\(mask.title), \(method), photograph \(number + 1) of \(photographs.count)"
                        let show: @Sendable (Int) -> Void = { iteration in
                            if ProgressLine.isWanted { line.show("\(place), iteration \(iteration)") }
                        }
                        show(0)
                        if method != "photographs", method != "start" {
                            try Interruption.check()
                            return try peer?.filled(photographs[number], missing: missing, by: method) ?? []
                        }
                        var options = prior.options
                        options.seed = seed
                        if method == "start" { options.iterations = 0 }
                        return try await quality.filled(
                            number, missing: missing, prior: prior.prior, options: options, on: compute, progress: show)
                    }
                }
            }
        } catch  where Interruption.signal != nil {
            // What there is by then is printed.
        }
        line.clear()
        var table = MarkdownTable(columns: ["dB"] + methods)
        var lines = ["mask,method,photograph,psnr"]
        for (mask, columns) in zip(masks, scores) {
            for (method, column) in zip(methods, columns) {
                for (number, score) in column.enumerated() { lines.append("\(mask),\(method),\(number),\(score)") }
            }
            // The mean of a part would not be comparable.
            let cells = columns.map { column in
                column.count == photographs.count ? (column.reduce(0, +) / Double(column.count)).fixed(2) : "–"
            }
            if cells.contains(where: { $0 != "–" }) { table.append([mask.title] + cells) }
        }
        if let csv { try writeFile(Array((lines.joined(separator: "\n") + "\n").utf8), csv) }
        if !table.isEmpty {
            try writeOutput("PSNR over the missing pixels, mean over \(photographs.count) photographs:\n\n\(table)")
        }
        if let peer { try writeOutput("\nBeside: \(peer.version).\n") }
    }

    private func photographMasks() throws -> [PhotographMask] {
        // The default names those for digits.
        if masks == QualityMask.names { return PhotographMask.allCases }
        return try masks.map { name in
            guard let mask = PhotographMask(rawValue: name) else {
                throw FileError(
                    "--masks",
                    "\(name) is none of \(PhotographMask.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            return mask
        }
    }

    private func photographPeer() -> PhotographPeer? {
        guard let python else { return nil }
        do throws(FileError) {
            return try PhotographPeer(python: python)
        } catch {
            complain("\(error); its columns are left out")
            return nil
        }
    }
}
