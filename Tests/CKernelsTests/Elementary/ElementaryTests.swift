import CKernels
import Testing

@Suite struct ElementaryTests {
    // MARK: The same bytes

    @Test(arguments: kernels.keys.sorted())
    func everyInstructionSetGivesTheSameBits(function: String) throws {
        let kernel = try #require(kernels[function]).array
        let plain = map(kernel, awkwardArguments, on: CK_PLAIN)
        for set in availableInstructionSets {
            #expect(map(kernel, awkwardArguments, on: set).bits == plain.bits)
        }
    }

    @Test(arguments: singleKernels.keys.sorted())
    func everyInstructionSetGivesTheSameBitsInSinglePrecision(function: String) throws {
        let kernel = try #require(singleKernels[function]).array
        let x = awkwardArguments.map(Float.init) + (0..<4000).map { Float(bitPattern: UInt32(truncatingIfNeeded: word($0))) }
        let plain = map(kernel, x, on: CK_PLAIN)
        for set in availableInstructionSets {
            #expect(map(kernel, x, on: set).bits == plain.bits)
        }
    }

    @Test(arguments: kernels.keys.sorted())
    func anElementDoesNotDependOnItsPlace(function: String) throws {
        let (kernel, one) = try #require(kernels[function])
        let x = Array(Self.shuffled(awkwardArguments, 1).prefix(40))
        let alone = x.map(one)
        for set in availableInstructionSets {
            for start in 0..<x.count {
                for end in start...x.count {
                    #expect(map(kernel, Array(x[start..<end]), on: set).bits == Array(alone[start..<end]).bits)
                }
            }
        }
    }

    @Test(arguments: singleKernels.keys.sorted())
    func anElementDoesNotDependOnItsPlaceInSinglePrecision(function: String) throws {
        let (kernel, one) = try #require(singleKernels[function])
        let x = awkwardArguments.prefix(70).map { Float($0) }
        let alone = x.map(one)
        for set in availableInstructionSets {
            for count in 0...x.count {
                #expect(map(kernel, Array(x.suffix(count)), on: set).bits == alone.suffix(count).map { $0 }.bits)
            }
        }
    }

    @Test(arguments: kernels.keys.sorted())
    func resultsMayOverwriteTheirArguments(function: String) throws {
        let kernel = try #require(kernels[function]).array
        for set in availableInstructionSets {
            var x = Array(awkwardArguments.prefix(101))
            let apart = map(kernel, x, on: set)
            x.withUnsafeMutableBufferPointer { kernel(set, $0.baseAddress, $0.baseAddress, $0.count) }
            #expect(x.bits == apart.bits)
        }
    }

    @Test func sineAndCosineTogetherAreSineAndCosine() {
        for set in availableInstructionSets {
            for count in [0, 1, 2, 7, 8, 9, 31, awkwardArguments.count] {
                let x = Array(awkwardArguments.suffix(count))
                var sine = x, cosine = x
                ck_sincos(set, x, &sine, &cosine, count)
                #expect(sine.bits == map(ck_sin, x, on: CK_PLAIN).bits)
                #expect(cosine.bits == map(ck_cos, x, on: CK_PLAIN).bits)
            }
        }
    }

    @Test func powersAreTheSameOnEveryInstructionSetAndAlone() {
        let x = Self.shuffled(awkwardArguments, 2), y = Self.shuffled(awkwardArguments, 3)
        let alone = zip(x, y).map { ck_pow1($0, $1) }
        for set in availableInstructionSets {
            for count in Array(0...33) + [x.count] {
                var z = [Double](repeating: 0, count: count)
                ck_pow(set, x, y, &z, count)
                #expect(z.bits == Array(alone.prefix(count)).bits)
            }
        }
    }

    // MARK: Accuracy

    /// The bounds that the header states.
    @Test(arguments: references.keys.sorted())
    func valuesAreRightToAnUlp(function: String) throws {
        let one = try #require(kernels[function]).one
        let bound = ["erfc": 1.7, "normalCDF": 2.1][function] ?? 1.1
        for reference in try #require(references[function]) {
            let error = ulps(one(reference.x), reference.head, reference.tail)
            #expect(error <= bound, "\(function)(\(reference.x)): \(error) ulp")
        }
    }

    @Test(arguments: singleReferences.keys.sorted())
    func singlesAreRightToAnUlp(function: String) throws {
        let one = try #require(singleKernels[function]).one
        for (x, y) in try #require(singleReferences[function]) {
            let error = abs(Double(one(x)) - y) / Double(Float(y).magnitude.ulp)
            #expect(error <= 1.1, "\(function)(\(x)): \(error) ulp")
        }
    }

    @Test func powersAreRightToAnUlp() {
        for (x, y, head, tail) in powerReferences {
            let error = ulps(ck_pow1(x, y), head, tail)
            #expect(error <= 1, "\(x)^\(y): \(error) ulp")
        }
    }

    // MARK: Laws

    @Test func symmetriesHoldExactly() {
        for x in awkwardArguments where !x.isNaN {
            for odd in [ck_sin1, ck_tan1, ck_tanh1, ck_erf1] {
                let y = odd(x)
                #expect(odd(-x).bitPattern == (y.isNaN ? y : -y).bitPattern)
            }
            #expect(ck_cos1(-x).bitPattern == ck_cos1(x).bitPattern)
        }
    }

    @Test func logarithmAndExponentialUndoEachOther() {
        for x in awkwardArguments where x.magnitude < 700 {
            #expect(abs(ck_log1(ck_exp1(x)) - x) <= max(x.magnitude.ulp, 0x1p-52) * 1.5)
        }
        for x in awkwardArguments where x > -0.9 && x < 1e300 {
            #expect(abs(ck_expm1_1(ck_log1p_1(x)) - x) <= (1 + x.magnitude) * 0x1p-44 && (x == 0) == (ck_log1p_1(x) == 0))
        }
    }

    @Test func complementsAddToOne() {
        for x in awkwardArguments where x.isFinite {
            #expect(abs(ck_sigmoid1(x) + ck_sigmoid1(-x) - 1) <= 0x1p-52)
            #expect(abs(ck_erf1(x) + ck_erfc1(x) - 1) <= 0x1p-51)
            #expect(abs(ck_normal_cdf1(x) + ck_normal_cdf1(-x) - 1) <= 0x1p-52)
            let s = ck_sin1(x), c = ck_cos1(x)
            #expect(abs(s * s + c * c - 1) <= 0x1p-51)
        }
    }

    @Test func smoothFunctionsDoNotFallWhereTheyRise() {
        let ascending = awkwardArguments.filter(\.isFinite).sorted()
        for function in ["exp", "expm1", "tanh", "erf", "sigmoid", "softplus", "normalCDF"] {
            let y = map(kernels[function]!.array, ascending, on: ck_selected())
            for (before, after) in zip(y, y.dropFirst()) { #expect(before <= after) }
        }
    }

    @Test func specialValuesAreThoseOfAnnexF() {
        let infinity = Double.infinity
        let expected: [(String, [(Double, Double)])] = [
            ("exp", [(0, 1), (-0.0, 1), (infinity, infinity), (-infinity, 0), (709.79, infinity), (-745.2, 0)]),
            ("expm1", [(0, 0), (-0.0, -0.0), (infinity, infinity), (-infinity, -1)]),
            ("log", [(0, -infinity), (-0.0, -infinity), (1, 0), (infinity, infinity), (-1, .nan), (-infinity, .nan)]),
            ("log1p", [(0, 0), (-0.0, -0.0), (-1, -infinity), (infinity, infinity), (-1.5, .nan)]),
            ("sin", [(0, 0), (-0.0, -0.0), (infinity, .nan), (-infinity, .nan)]),
            ("cos", [(0, 1), (infinity, .nan)]),
            ("tan", [(0, 0), (-0.0, -0.0), (-infinity, .nan)]),
            ("tanh", [(0, 0), (-0.0, -0.0), (infinity, 1), (-infinity, -1)]),
            ("erf", [(0, 0), (-0.0, -0.0), (infinity, 1), (-infinity, -1)]),
            ("erfc", [(0, 1), (infinity, 0), (-infinity, 2)]),
            ("sigmoid", [(0, 0.5), (infinity, 1), (-infinity, 0)]),
            ("softplus", [(infinity, infinity), (-infinity, 0)]),
            ("normalCDF", [(0, 0.5), (infinity, 1), (-infinity, 0)]),
        ]
        let oneNaN: UInt64 = 0x7ff8_0000_0000_0000
        for (function, values) in expected {
            let one = kernels[function]!.one
            for (x, y) in values {
                #expect(one(x).bitPattern == (y.isNaN ? oneNaN : y.bitPattern), "\(function)(\(x))")
            }
            for nan in [Double.nan, -.nan, .signalingNaN] { #expect(one(nan).bitPattern == oneNaN) }
        }
    }

    @Test func specialPowersAreThoseOfAnnexF() {
        let infinity = Double.infinity
        let expected: [(Double, Double, Double)] = [
            (.nan, 0, 1), (1, .nan, 1), (.nan, 1, .nan), (2, .nan, .nan), (0, 3, 0), (-0.0, 3, -0.0), (-0.0, 2, 0),
            (0, -1, infinity), (-0.0, -1, -infinity), (-0.0, -2, infinity), (-0.0, 0.5, 0), (-1, infinity, 1),
            (-1, -infinity, 1), (0.5, infinity, 0), (-2, infinity, infinity), (-2, -infinity, 0), (-0.5, -infinity, infinity),
            (-infinity, 3, -infinity), (-infinity, 2, infinity), (-infinity, -3, -0.0), (-infinity, 0.5, infinity),
            (infinity, -0.1, 0), (-2, 0.5, .nan), (-8, 3, -512), (10, 3, 1000), (-1, 0x1p53 + 2, 1), (-1, 0x1p53 - 1, -1),
            (2, 1024, infinity), (-2, 1025, -infinity), (2, -1076, 0), (4, 0.5, 2), (3, 1, 3),
        ]
        for (x, y, z) in expected {
            #expect(ck_pow1(x, y).bitPattern == (z.isNaN ? 0x7ff8_0000_0000_0000 : z.bitPattern), "\(x)^\(y)")
        }
    }

    // MARK: Support

    private struct Shuffle: RandomNumberGenerator {
        var index: Int
        mutating func next() -> UInt64 {
            index += 1
            return word(index)
        }
    }

    private static func shuffled(_ x: [Double], _ order: Int) -> [Double] {
        var generator = Shuffle(index: order * 100_000)
        return x.shuffled(using: &generator)
    }

    private func ulps(_ y: Double, _ head: Double, _ tail: Double) -> Double {
        abs((y - head) - tail) / head.magnitude.ulp
    }
}
