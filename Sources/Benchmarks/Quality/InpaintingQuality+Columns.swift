extension InpaintingQuality {
    /// What each method makes of the images under each mask, with its scores.
    ///
    /// - Parameters:
    ///   - model: its name, for the columns.
    ///   - progress: gets a line for a person who waits.
    ///   - columns: gets each column as soon as it is there, so that what comes before an error is not lost.
    package func evaluate(
        _ methods: [QualityMethod], _ masks: [QualityMask], model: String,
        progress: @escaping @Sendable (String) -> Void, into columns: inout [QualityColumn]
    ) async throws {
        for (number, mask) in masks.enumerated() {
            for method in methods {
                let place = "\(mask.name) (\(number + 1) of \(masks.count)), \(method), image"
                let filled = try await filled(by: method, mask) { progress("\(place) \($0) of \(images.count)") }
                columns.append(
                    QualityColumn(
                        model: model, mask: mask.name, method: "\(method)", filled: filled,
                        scores: try await scores(of: filled, mask)))
            }
        }
    }

    /// What each of a peer's methods makes of the same images. The model only judges their likelihood.
    package func evaluate(
        _ peer: QualityPeer, _ masks: [QualityMask], model: String,
        progress: @escaping @Sendable (String) -> Void, into columns: inout [QualityColumn]
    ) async throws {
        for (number, mask) in masks.enumerated() {
            for method in peer.methods {
                progress("\(mask.name) (\(number + 1) of \(masks.count)), \(method)")
                let filled = try peer.filled(by: method, mask, self)
                columns.append(
                    QualityColumn(
                        model: model, mask: mask.name, method: method, filled: filled,
                        scores: try await scores(of: filled, mask)))
            }
        }
    }
}
