import Statistics
import Testing

@Suite struct ElementaryFunctionTests {
    private let arguments = (0..<37).map { Double($0) * 0.37 - 6 }

    /// f′ by central differences against the derivative by its formula: no two of the
    /// functions can have been taken for each other.
    @Test(arguments: ElementaryFunction.allCases)
    func functionHasItsDerivative(function: ElementaryFunction) {
        let h = 1e-5
        for x in arguments {
            let expected: Double
            switch function {
            case .exp, .expm1: expected = ElementaryFunction.exp(x)
            case .log: expected = 1 / x
            case .log1p: expected = 1 / (1 + x)
            case .sin: expected = ElementaryFunction.cos(x)
            case .cos: expected = -ElementaryFunction.sin(x)
            case .tan: expected = 1 + ElementaryFunction.tan(x) * ElementaryFunction.tan(x)
            case .tanh: expected = 1 - ElementaryFunction.tanh(x) * ElementaryFunction.tanh(x)
            case .erf: expected = 2 / Double.pi.squareRoot() * ElementaryFunction.exp(-x * x)
            case .erfc: expected = -2 / Double.pi.squareRoot() * ElementaryFunction.exp(-x * x)
            case .sigmoid: expected = ElementaryFunction.sigmoid(x) * ElementaryFunction.sigmoid(-x)
            case .softplus: expected = ElementaryFunction.sigmoid(x)
            case .normalCDF: expected = ElementaryFunction.exp(-x * x / 2) / (2 * Double.pi).squareRoot()
            }
            let slope = (function(x + h) - function(x - h)) / (2 * h)
            if slope.isNaN { continue }
            #expect(
                abs(slope - expected) <= 1e-4 * max(1, expected.magnitude * expected.magnitude), "\(function)(\(x))")
        }
    }

    @Test(arguments: ElementaryFunction.allCases)
    func anArrayIsItsElements(function: ElementaryFunction) {
        for count in [0, 1, 5, 8, 37] {
            let x = Array(arguments.prefix(count))
            #expect(function(x).map(\.bitPattern) == x.map { function($0).bitPattern })
        }
    }

    @Test(
        arguments: zip(
            SingleElementaryFunction.allCases, [.exp, .log, .tanh, .sigmoid, .softplus] as [ElementaryFunction]))
    func singlesRoundTheDoubles(single: SingleElementaryFunction, double: ElementaryFunction) {
        let x = arguments.map(Float.init)
        for (x, y) in zip(x, single(x)) {
            let exact = double(Double(x))
            #expect(exact.isNaN ? y.isNaN : abs(Double(y) - exact) <= 1.1 * Double(y.ulp))
            #expect(single(x).bitPattern == y.bitPattern)
        }
    }

    @Test func powersAndSinesInBulkAreThoseOneByOne() {
        let n = arguments.count
        let powers = [Double](unsafeUninitializedCapacity: n) { result, count in
            arguments.withUnsafeBufferPointer { x in
                ElementaryFunction.power(x, x, into: .init(rebasing: result[..<n]))
            }
            count = n
        }
        #expect(powers.map(\.bitPattern) == arguments.map { ElementaryFunction.power($0, $0).bitPattern })
        #expect(ElementaryFunction.power(3, 5) == 243)

        var sine = arguments, cosine = arguments
        arguments.withUnsafeBufferPointer { x in
            sine.withUnsafeMutableBufferPointer { s in
                cosine.withUnsafeMutableBufferPointer { c in
                    ElementaryFunction.sineAndCosine(of: x, sine: s, cosine: c)
                }
            }
        }
        #expect(sine == ElementaryFunction.sin(arguments))
        #expect(cosine == ElementaryFunction.cos(arguments))
    }
}
