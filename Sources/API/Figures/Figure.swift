import Compute

/// A figure that is drawn in steps of about a millisecond each, so that whoever draws it can look
/// at the deadline in between.
package protocol Figure: Sendable {
    /// Draws the next part.
    ///
    /// - Returns: the SVG document after the last part, nil before.
    mutating func advance() -> String?
}

extension Figure {
    /// The whole figure at once.
    package func svg() -> String {
        var figure = self
        while true {
            if let svg = figure.advance() { return svg }
        }
    }
}

extension Compute {
    /// Draws a figure on a compute thread.
    func draw(
        _ figure: some Figure, in context: WorkContext
    ) async throws -> Timed<[UInt8]> {
        try await perform(from: figure, in: context) { figure, _ in
            figure.advance().map { Array($0.utf8) }
        }
    }
}
