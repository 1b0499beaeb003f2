import NormalizingFlows

/// The rows that one thread iterates together. An iteration is one evaluation of each row's
/// position and one step; what a row yields does not depend on its neighbours.
struct InpaintingBatch {
    private var rows: [InpaintingRow] = []

    var count: Int { rows.count }
    var isEmpty: Bool { rows.isEmpty }
    /// True when no row can go on because the readers of their progress lag behind.
    var isStalled: Bool { rows.allSatisfy { $0.isStalled && $0.ticket.interruption == nil } }

    mutating func join(_ row: InpaintingRow, _ resources: ThreadResources) {
        row.workspace = resources.takeWorkspace(for: row.model)
        rows.append(row)
    }

    /// Removes the rows that nobody wants any more; returns how many.
    mutating func dropInterrupted(_ resources: ThreadResources) -> Int {
        let before = rows.count
        rows.removeAll { row in
            guard let interruption = row.ticket.interruption else { return false }
            Self.release(row, resources)
            row.abandon(interruption)
            return true
        }
        return before - rows.count
    }

    mutating func iterate(_ resources: ThreadResources) {
        rows.removeAll { row in
            guard !row.isStalled, let workspace = row.workspace else { return false }
            switch row.run.demand {
            case .gradient: row.model.differentiate(row.run.position, in: workspace)
            case .value: row.model.evaluate(row.run.position, in: workspace)
            case nil: break
            }
            guard row.absorb() else { return false }
            Self.release(row, resources)
            return true
        }
    }

    private static func release(_ row: InpaintingRow, _ resources: ThreadResources) {
        guard let workspace = row.workspace else { return }
        row.workspace = nil
        resources.giveBack(workspace)
    }
}
