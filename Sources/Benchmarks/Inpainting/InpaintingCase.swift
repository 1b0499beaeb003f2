import API
import Client
import NormalizingFlows
import Streams

/// An image with a hole, as this program and as the peer are asked to fill it.
package struct InpaintingCase {
    package let image: [Double]
    package let known: [Bool]

    /// A step that moves the image and is small enough for every pixel.
    static let step = 1e-5

    /// One case for each image of a reply of /sample, with five kinds of holes in rotation.
    ///
    /// - Throws: `FileError` for what is no such reply.
    package static func all(of reply: [UInt8]) throws(FileError) -> [InpaintingCase] {
        guard let images = (try? JSONReader.read(reply))?["images"]?.elements else {
            throw FileError("/sample", "answers something other than images")
        }
        return images.enumerated().map { index, rows in
            let image = (rows.elements ?? []).flatMap { ($0.elements ?? []).compactMap(\.double) }
            let side = rows.elements?.count ?? 0
            return InpaintingCase(
                image: image,
                known: image.indices.map { k in
                    !isMissing(row: k / side, column: k % side, side: side, pixel: k, index: index)
                })
        }
    }

    /// A box, the centre, the top half, every second and four of five pixels.
    private static func isMissing(row: Int, column: Int, side: Int, pixel: Int, index: Int) -> Bool {
        // A scrambling of the pixel's number that is as good as chance here.
        let chance = UInt32(truncatingIfNeeded: pixel &* 2_654_435_761 &+ index &* 40_503) >> 8 & 0xffff
        return switch index % 5 {
        case 0: (5..<12).contains(row) && (5..<20).contains(column)
        case 1: (side / 4..<side * 3 / 4).contains(row) && (side / 4..<side * 3 / 4).contains(column)
        case 2: row < side / 2
        case 3: chance < 0x8000
        default: chance < 0xcccc
        }
    }

    /// The ascent with a constant step, as the server does it.
    func ascent(from start: [Float]?, iterations: Int) -> InpaintingRun {
        let pixels = image.map { Float($0) }
        return InpaintingRun(
            InpaintingSpecification(image: pixels, known: known),
            from: zip(known.indices, known).map { $1 ? pixels[$0] : start?[$0] ?? 0.5 },
            rule: ConstantStep(stepSize: Float(Self.step)), limits: .init(iterations: iterations))
    }

    private func rows(_ pixel: (Int) -> JSON) -> JSON {
        let side = Int(Double(image.count).squareRoot())
        return .array((0..<side).map { row in .array((0..<side).map { pixel(row * side + $0) }) })
    }

    /// The request that fills the hole, from the mean as the peer does unless `initial` says otherwise.
    package func request(_ query: String, initial: String = "mean") -> [UInt8] {
        let body = rows { known[$0] ? .number(image[$0]) : .null }
        return HTTPClient.request("POST", "/inpaint?initial=\(initial)&\(query)", body: JSONWriter.write(body, .line))
    }

    /// The request for the whole image's log-likelihood.
    var likelihoodRequest: [UInt8] {
        let body = rows { .number(image[$0]) }
        return HTTPClient.request("POST", "/likelihood", body: JSONWriter.write(body, .line))
    }

    /// What the reply to `request` says of the log-likelihood in the end.
    ///
    /// - Throws: `FileError` for what is no such reply.
    package static func final(in reply: [UInt8]) throws(FileError) -> Double {
        guard let final = (try? JSONReader.read(reply))?["log_likelihood"]?["final"]?.double else {
            throw FileError("/inpaint", "answers something other than a log-likelihood")
        }
        return final
    }

    /// What the peer is asked: a line.
    static func ask(_ what: String, _ cases: [InpaintingCase], _ iterations: Int) -> JSON {
        .object([
            ("do", .string(what)), ("images", .array(cases.map { .numbers($0.image) })),
            ("known", .array(cases.map { .array($0.known.map { .bool($0) }) })),
            ("iterations", .integer(iterations)), ("step", .number(step)),
        ])
    }

    static func logProbability(_ one: InpaintingCase, repeats: Int) -> JSON {
        .object([
            ("do", .string("log_prob")), ("images", .array([.numbers(one.image)])),
            ("repeats", .integer(repeats)),
        ])
    }
}
