/// Missing pixels of one channel such that the sum of the squared Laplacian Σ (Δx)² over the picture is least, as for a
/// thin plate that is held at the known pixels (Chui, Mhaskar, "MRA Contextual-Recovery Extension of Smooth Functions on
/// Manifolds", 2010).
///
/// By conjugate gradients, from a coarse picture to the fine one: each level has half the rows and columns of the next,
/// a pixel is the mean of its known ones, and what a level has found is where the next one starts. Solved as far as a start
/// for something better needs. Nothing beyond the border is taken to be anything.
public final class BiharmonicFill {
    private var levels: [Level]
    /// The level that is being solved; nil before the coarsest.
    private var solver: Solver?

    /// Residuals this much smaller than at a level's start are small enough.
    private static let reduction = 1e-3
    private static let mostIterations = 100
    /// About how many pixels a piece of the work visits.
    private static let pieceSize = 1 << 18

    /// - Precondition: a pixel is known.
    public init(rows: Int, columns: Int, values: [Float], missing: [Bool]) {
        precondition(missing.contains(false))
        levels = [Level(rows: rows, columns: columns, values: values, missing: missing)]
    }

    public var isFinished: Bool { levels.count == 1 && (solver == nil ? levels[0].isComplete : solver?.isDone == true) }

    /// (rows, columns) once finished.
    public var values: [Float] { solver?.level.values ?? levels[0].values }

    /// Goes on with the work, some milliseconds of it.
    public func advance() {
        if let solver {
            if solver.isDone { descend(from: solver.level) } else { solver.advance(Self.pieceSize) }
        } else if let last = levels.last, !last.isComplete, max(last.rows, last.columns) > 1 {
            levels.append(last.halved())
        } else if levels.count > 1, let coarsest = levels.last {
            descend(from: coarsest)
        }
    }

    /// The next finer level starts from the last one.
    private func descend(from coarse: Level) {
        guard levels.count > 1 else { return }
        levels.removeLast()
        levels[levels.count - 1].start(from: coarse)
        solver = Solver(
            levels[levels.count - 1], reduction: Self.reduction, mostIterations: Self.mostIterations)
    }

    /// A picture at one size.
    private struct Level {
        let rows, columns: Int
        var values: [Float]
        let missing: [Bool]

        var isComplete: Bool { !missing.contains(true) }

        /// Half as many rows and columns, rounded up: a pixel is the mean of the known ones of four.
        func halved() -> Level {
            let newRows = (rows + 1) / 2, newColumns = (columns + 1) / 2
            var values = [Float](repeating: 0, count: newRows * newColumns)
            var missing = [Bool](repeating: true, count: newRows * newColumns)
            for row in 0..<newRows {
                for column in 0..<newColumns {
                    var sum: Float = 0, count: Float = 0
                    for i in 2 * row..<min(2 * row + 2, rows) {
                        for j in 2 * column..<min(2 * column + 2, columns) where !self.missing[i * columns + j] {
                            sum += self.values[i * columns + j]
                            count += 1
                        }
                    }
                    guard count > 0 else { continue }
                    values[row * newColumns + column] = sum / count
                    missing[row * newColumns + column] = false
                }
            }
            return Level(rows: newRows, columns: newColumns, values: values, missing: missing)
        }

        /// Missing pixels ← those of the level of half the size, interpolated linearly.
        mutating func start(from coarse: Level) {
            func places(_ index: Int, _ count: Int) -> (near: Int, far: Int) {
                let near = index / 2, other = index % 2 == 0 ? near - 1 : near + 1
                return (near, min(max(other, 0), count - 1))
            }
            for row in 0..<rows {
                let (near, far) = places(row, coarse.rows)
                for column in 0..<columns where missing[row * columns + column] {
                    let (left, right) = places(column, coarse.columns)
                    func line(_ i: Int) -> Float {
                        0.75 * coarse.values[i * coarse.columns + left] + 0.25
                            * coarse.values[i * coarse.columns + right]
                    }
                    values[row * columns + column] = 0.75 * line(near) + 0.25 * line(far)
                }
            }
        }
    }

    /// Conjugate gradients on the missing pixels of a level. Arrays have a frame of zeros around the picture, so that a sum
    /// over neighbours needs no exceptions.
    private final class Solver {
        private(set) var level: Level
        private(set) var isDone = false
        private let stride: Int
        /// Places of missing pixels, and of those and their neighbours.
        private var unknowns: [Int32] = [], support: [Int32] = []
        /// Neighbours within the picture.
        private var degrees: [Float]
        private var direction, laplacian: [Float]
        /// By unknown.
        private var residual: [Float] = [], product: [Float] = [], solution: [Float] = []
        private var squaredNorm = 0.0, goal = 0.0
        private var iterations = 0
        private let mostIterations: Int

        init(_ level: Level, reduction: Double, mostIterations: Int) {
            self.level = level
            self.mostIterations = mostIterations
            stride = level.columns + 2
            let count = (level.rows + 2) * stride
            degrees = Array(repeating: 0, count: count)
            direction = degrees
            laplacian = degrees
            var isSupport = [Bool](repeating: false, count: count)
            for row in 0..<level.rows {
                for column in 0..<level.columns {
                    let place = (row + 1) * stride + column + 1
                    let sides = [row > 0, row < level.rows - 1, column > 0, column < level.columns - 1]
                    degrees[place] = Float(sides.count { $0 })
                    direction[place] = level.values[row * level.columns + column]
                    guard level.missing[row * level.columns + column] else { continue }
                    unknowns.append(Int32(place))
                    for neighbor in [0, -1, 1, -stride, stride] { isSupport[place + neighbor] = true }
                }
            }
            for place in 0..<count where isSupport[place] && degrees[place] > 0 { support.append(Int32(place)) }
            if level.rows * level.columns == 1 { isDone = true }
            // The residual at the start, for which the direction holds the whole picture.
            solution = unknowns.map { direction[Int($0)] }
            product = Array(repeating: 0, count: unknowns.count)
            apply()
            residual = product.map { -$0 }
            direction = Array(repeating: 0, count: count)
            for (k, place) in unknowns.enumerated() { direction[Int(place)] = residual[k] }
            squaredNorm = Self.dot(residual, residual)
            goal = squaredNorm * reduction * reduction
            if !(squaredNorm > 0) || unknowns.isEmpty { isDone = true }
        }

        /// The product ← Δ Δ of the direction, at the unknowns.
        private func apply() {
            let stride = stride
            degrees.withUnsafeBufferPointer { degrees in
                direction.withUnsafeBufferPointer { direction in
                    laplacian.withUnsafeMutableBufferPointer { laplacian in
                        for place in support {
                            let i = Int(place)
                            laplacian[i] =
                                direction[i - 1] + direction[i + 1] + (direction[i - stride] + direction[i + stride])
                                - degrees[i] * direction[i]
                        }
                    }
                }
                laplacian.withUnsafeBufferPointer { laplacian in
                    for k in unknowns.indices {
                        let i = Int(unknowns[k])
                        product[k] =
                            laplacian[i - 1] + laplacian[i + 1] + (laplacian[i - stride] + laplacian[i + stride])
                            - degrees[i] * laplacian[i]
                    }
                }
            }
        }

        func advance(_ pixels: Int) {
            var left = pixels
            while left > 0, !isDone {
                iterate()
                left -= support.count + unknowns.count
            }
            guard isDone else { return }
            for (k, place) in unknowns.enumerated() {
                let row = Int(place) / stride - 1, column = Int(place) % stride - 1
                level.values[row * level.columns + column] = solution[k]
            }
        }

        private func iterate() {
            apply()
            var curvature = 0.0
            for k in unknowns.indices { curvature += Double(direction[Int(unknowns[k])]) * Double(product[k]) }
            guard curvature > 0 else {
                isDone = true
                return
            }
            let step = Float(squaredNorm / curvature)
            for k in unknowns.indices {
                solution[k] += step * direction[Int(unknowns[k])]
                residual[k] -= step * product[k]
            }
            let norm = Self.dot(residual, residual)
            iterations += 1
            guard norm > goal, norm.isFinite, iterations < mostIterations else {
                isDone = true
                return
            }
            let factor = Float(norm / squaredNorm)
            squaredNorm = norm
            for k in unknowns.indices {
                let i = Int(unknowns[k])
                direction[i] = residual[k] + factor * direction[i]
            }
        }

        private static func dot(_ a: [Float], _ b: [Float]) -> Double {
            var sum = 0.0
            for k in a.indices { sum += Double(a[k]) * Double(b[k]) }
            return sum
        }
    }
}
