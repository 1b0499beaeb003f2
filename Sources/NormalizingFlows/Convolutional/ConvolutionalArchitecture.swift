import LinearAlgebra

/// The sizes of a flow of invertible 1×1 convolutions and couplings (Kingma, Dhariwal, "Glow: Generative Flow
/// with Invertible 1×1 Convolutions", 2018), of whole images or, with a conditioner, of the missing pixels of an image
/// given the known ones (Li, Akbar, Oliva, "ACFlow: Flow Models for Arbitrary Conditional Likelihoods", 2020).
///
/// An image of (channels, rows, columns) is taken as a grid of blocks of `block` × `block` pixels: a position has
/// `depth` = channels · block² numbers. Each step mixes the numbers of a position (`InvertibleConvolution`'s P L (U +
/// diag(s))) and then moves half of them by what a network of convolutions makes of the other half and its neighbours. Where an image is a single block, all convolutions are 1×1: a model of patches.
public struct ConvolutionalArchitecture: Sendable, Hashable {
    /// Of an image.
    public let channels, rows, columns: Int
    /// The side of a block of pixels that is a position: a power of 2 that divides rows and columns.
    public let block: Int
    /// Steps, at least one.
    public let steps: Int
    /// Channels of the couplings' hidden layers.
    public let hidden: Int
    /// What makes features of the known pixels and the mask; nil for a model of whole images.
    public let conditioner: Conditioner?
    /// Of the steps' permutations.
    public let permutationSeed: UInt64
    /// What is done to the pixels before the first step.
    public let scale: PixelScale
    /// How the couplings move numbers.
    public let coupling: Coupling

    /// A map of single numbers, which the outputs of a network choose.
    public enum Coupling: Sendable, Hashable {
        /// y = x e^a + t. The network's convolutions are 3×3, 1×1 and 3×3.
        case affine
        /// A spline, then the same. The last convolution is 1×1.
        case spline(RationalQuadraticSpline)
    }

    /// Of which levels of noise it is told, with which it is the density of noisy images; nil where it is told of none.
    public let noise: NoiseLevels?

    /// Numbers that a position has at most.
    public static let mostDepth = 192

    /// A residual network of 3×3 and 1×1 convolutions over the positions.
    public struct Conditioner: Sendable, Hashable {
        /// Channels.
        public let features: Int
        /// Residual blocks.
        public let blocks: Int

        public init(features: Int, blocks: Int) {
            precondition(features > 0 && blocks > 0)
            self.features = features
            self.blocks = blocks
        }
    }

    public init(
        channels: Int = 1, rows: Int, columns: Int, block: Int, steps: Int, hidden: Int, conditioner: Conditioner?,
        permutationSeed: UInt64 = 0, scale: PixelScale = .logit, coupling: Coupling = .affine,
        noise: NoiseLevels? = nil
    ) {
        precondition(channels > 0 && rows > 0 && columns > 0 && block > 1 && steps > 0 && hidden > 0)
        precondition(rows.isMultiple(of: block) && columns.isMultiple(of: block))
        precondition(channels * block * block <= Self.mostDepth)
        precondition(noise == nil || conditioner == nil)
        self.channels = channels
        self.rows = rows
        self.columns = columns
        self.block = block
        self.steps = steps
        self.hidden = hidden
        self.conditioner = conditioner
        self.permutationSeed = permutationSeed
        self.scale = scale
        self.coupling = coupling
        self.noise = noise
    }

    /// D, numbers in an image.
    public var dimension: Int { channels * rows * columns }
    /// Positions, row by row.
    public var gridRows: Int { rows / block }
    public var gridColumns: Int { columns / block }
    public var positions: Int { gridRows * gridColumns }
    /// Positions that a 3×3 convolution sees: nine, or the only one that there is.
    public var taps: Int { Grid(images: 1, rows: gridRows, columns: gridColumns).taps }
    /// Whether it is of square patches of photographs, with any level of noise, rather than of images.
    public var isOfPatches: Bool {
        positions == 1 && rows == columns && channels == 1 && scale == .linear && noise != nil
    }
    /// Numbers at a position.
    public var depth: Int { channels * block * block }
    /// Those that a coupling keeps, and those that it moves.
    public var kept: Int { depth / 2 }
    public var moved: Int { depth - kept }
    /// Outputs of the last convolution of a coupling's network for each number that is moved, and for each position and
    /// tap.
    package var outputs: Int {
        switch coupling {
        case .affine: 2
        case .spline(let spline): spline.outputs
        }
    }
    /// Channels of the features that the couplings see: of the known pixels, or of the level of noise.
    public var features: Int { conditioner?.features ?? (noise == nil ? 0 : NoiseLevels.features) }

    /// Numbers in all parameters.
    public var parameterCount: Int { Layout(self).tensors.reduce(0) { $0 + $1.count } }

    /// Of each number at each position, in the order (position, depth), its place in the image.
    package var pixels: [Int] {
        var result: [Int] = []
        result.reserveCapacity(dimension)
        for row in 0..<gridRows {
            for column in 0..<gridColumns {
                for channel in 0..<channels {
                    for i in 0..<block {
                        for j in 0..<block {
                            result.append(
                                (channel * rows + row * block + i) * columns + column * block + j)
                        }
                    }
                }
            }
        }
        return result
    }
}
