import Compute

/// Rows × columns of a loaded model's images: every size in the API comes from here.
public struct ImageShape: Sendable, Hashable {
    public let rows, columns: Int

    var count: Int { rows * columns }

    /// Of a picture of any size.
    init(rows: Int, columns: Int) {
        self.rows = rows
        self.columns = columns
    }

    /// The shape that the model's metadata records (`rows`, `columns`), else a square, else a
    /// single row.
    package init(of model: LoadedModel) {
        if case .convolutional(let architecture) = model.flow.flowArchitecture, architecture.isOfPatches {
            (rows, columns) = (architecture.rows, architecture.columns)
            return
        }
        let dimension = model.flow.dimension
        if let rows = model.metadata["rows"].flatMap(Int.init),
            let columns = model.metadata["columns"].flatMap(Int.init),
            rows > 0, columns > 0, rows.multipliedReportingOverflow(by: columns) == (dimension, false)
        {
            (self.rows, self.columns) = (rows, columns)
            return
        }
        let side = Int(Double(dimension).squareRoot())
        (rows, columns) = side * side == dimension ? (side, side) : (1, dimension)
    }

    var description: String {
        "\(rows) rows of \(columns) numbers, or a flat list of \(count)"
    }

    /// How sentences name a pixel: “Pixel 5 (row 0, column 5)”.
    func pixel(_ index: Int) -> String {
        "Pixel \(index) (row \(index / columns), column \(index % columns))"
    }
}
