import API
import Foundation
import Statistics
import Testing

@Suite struct JSONReaderTests {
    private func read(_ text: String) throws -> JSON { try JSONReader.read(Array(text.utf8)) }

    /// Every value through Foundation's parser and through ours.
    private func same(_ ours: JSON, _ theirs: Any) -> Bool {
        switch (ours, theirs) {
        case (.null, is NSNull): return true
        case (.bool(let value), let number as NSNumber): return number.boolValue == value
        case (.number(let value), let number as NSNumber):
            // Foundation keeps long numbers as decimals and rounds them twice.
            return abs(number.doubleValue - value) <= 1e-12 * abs(value)
        case (.string(let value), let text as String): return value == text
        case (.object(let fields), let object as [String: Any]):
            return fields.count == object.count && fields.allSatisfy { field in
                object[field.name].map { same(field.value, $0) } ?? false
            }
        default:
            guard let elements = ours.elements, let array = theirs as? [Any] else { return false }
            return elements.count == array.count && zip(elements, array).allSatisfy(same)
        }
    }

    /// Grows a random value from a Philox stream, white space and escapes included.
    private struct Grower {
        var generator: PhiloxGenerator

        mutating func value(depth: Int = 0) -> String {
            let space = [" ", "", "\n", "\t ", ""].randomElement(using: &generator) ?? ""
            switch Int.random(in: 0..<(depth < 4 ? 8 : 6), using: &generator) {
            case 0: return "null" + space
            case 1: return space + "true"
            case 2: return "false"
            case 3, 4: return number() + space
            case 5: return string()
            case 6:
                let values = (0..<Int.random(in: 0..<5, using: &generator)).map { _ in
                    value(depth: depth + 1)
                }
                return "[" + space + values.joined(separator: "," + space) + "]"
            default:
                let fields = (0..<Int.random(in: 0..<4, using: &generator)).map { index in
                    "\"f\(index)\"" + space + ":" + value(depth: depth + 1)
                }
                return "{" + space + fields.joined(separator: ",") + space + "}"
            }
        }

        mutating func number() -> String {
            let digits = { (count: Int, generator: inout PhiloxGenerator) in
                (0..<count).map { _ in String(Int.random(in: 0...9, using: &generator)) }.joined()
            }
            var text = Bool.random(using: &generator) ? "-" : ""
            text += Bool.random(using: &generator)
                ? "0" : "\(Int.random(in: 1...9, using: &generator))"
                    + digits(Int.random(in: 0..<22, using: &generator), &generator)
            if Bool.random(using: &generator) {
                text += "." + digits(Int.random(in: 1..<25, using: &generator), &generator)
            }
            if Bool.random(using: &generator) {
                text += ["e", "E", "e+", "E-", "e-"].randomElement(using: &generator) ?? "e"
                text += String(Int.random(in: 0...280, using: &generator))
            }
            return text
        }

        mutating func string() -> String {
            let pieces = ["a", "é", "漢", "😀", "\\n", "\\\"", "\\\\", "\\/", "\\u00e9", "\\ud83d\\ude00", " ", "0"]
            let text = (0..<Int.random(in: 0..<6, using: &generator)).map { _ in
                pieces.randomElement(using: &generator) ?? ""
            }
            return "\"" + text.joined() + "\""
        }
    }

    @Test func agreesWithFoundationOnRandomDocuments() throws {
        var grower = Grower(generator: PhiloxGenerator(Philox(seed: 11)))
        for _ in 0..<3000 {
            let text = grower.value()
            let theirs = try JSONSerialization.jsonObject(
                with: Data(text.utf8), options: .fragmentsAllowed)
            let ours = try read(text)
            #expect(same(ours, theirs), "\(text)")
        }
    }

    @Test func randomNumbersAreRoundedCorrectly() throws {
        var grower = Grower(generator: PhiloxGenerator(Philox(seed: 13)))
        for _ in 0..<20_000 {
            let text = grower.number()
            let value = try #require(try read(text).double)
            #expect(value.bitPattern == Double(text)?.bitPattern, "\(text)")
        }
    }

    /// As programs write doubles: with up to 17 digits, or with a few more than it takes.
    @Test func writtenDoublesAreReadBack() throws {
        var generator = PhiloxGenerator(Philox(seed: 14))
        for _ in 0..<20_000 {
            let value = Double.random(in: 0...1, using: &generator)
                * [1, 1, 255, 1e-6, 1e9].randomElement(using: &generator)!
            #expect(try read("\(value)").double == value)
            let text = String(format: "%.*f", Int.random(in: 10...19, using: &generator), value)
            #expect(try read(text).double?.bitPattern == Double(text)?.bitPattern, "\(text)")
        }
    }

    /// Damaged documents: never a crash, and never taken where Foundation refuses.
    @Test func refusesWhatFoundationRefusesOfDamagedDocuments() {
        var grower = Grower(generator: PhiloxGenerator(Philox(seed: 12)))
        for _ in 0..<3000 {
            var bytes = Array(grower.value().utf8)
            for _ in 0..<Int.random(in: 1...3, using: &grower.generator) where !bytes.isEmpty {
                let place = Int.random(in: 0..<bytes.count, using: &grower.generator)
                switch Int.random(in: 0..<3, using: &grower.generator) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &grower.generator)
                case 1: bytes.remove(at: place)
                default: bytes.insert(UInt8.random(in: 32...126, using: &grower.generator), at: place)
                }
            }
            guard let ours = try? JSONReader.read(bytes) else { continue }
            let theirs = try? JSONSerialization.jsonObject(
                with: Data(bytes), options: .fragmentsAllowed)
            #expect(theirs != nil, "\(ours) from \(String(decoding: bytes, as: UTF8.self))")
        }
    }

    /// Digits about each power of two and of ten, cut off, drawn out and shifted, against strtod.
    @Test func numbersAboutPowersAreRoundedCorrectly() throws {
        var generator = PhiloxGenerator(Philox(seed: 16))
        for power in -1074...1023 {
            let value = scalbn(1, power)
            for neighbour in [value, value.nextUp, value.nextDown] {
                let exact = String(format: "%.*e", Int.random(in: 14...40, using: &generator), neighbour)
                try expectRounded(exact)
                try expectRounded(String(format: "%.*f", Int.random(in: 0...30, using: &generator), neighbour))
                try expectRounded(Self.shifted(exact, by: Int.random(in: -60...60, using: &generator)))
            }
        }
        for power in 0...64 {
            // 2^k in integers, one beside it, and with a point at every place.
            let digits = power == 64 ? "18446744073709551616" : String(UInt64(1) << power)
            for text in [digits, Self.plus(digits, 1), Self.plus(digits, 5)] {
                for place in 1...text.utf8.count {
                    let pointed = text.prefix(place) + (place < text.utf8.count ? "." + text.dropFirst(place) : "")
                    try expectRounded(String(pointed))
                    try expectRounded("\(pointed)e\(Int.random(in: -30...30, using: &generator))")
                }
            }
        }
        for power in -330...310 {
            for digits in ["1", "9", "10000000000000001", "99999999999999999999", "1844674407370955161600"] {
                try expectRounded("\(digits)e\(power)")
            }
        }
    }

    /// Fractions whose zeros the exponent takes back.
    @Test(arguments: [
        (99_999, 100_300), (99_999, 100_000), (99_999, 99_000), (100_001, 100_001), (400, 500), (1_000_000, 1_000_010),
    ])
    func exponentsMakeUpForLongFractions(zeros: Int, exponent: Int) throws {
        try expectRounded("0." + String(repeating: "0", count: zeros) + "1e\(exponent)")
        try expectRounded("1" + String(repeating: "0", count: min(zeros, 200_000)) + "e-\(min(exponent, 200_000))")
        try expectRounded("0." + String(repeating: "0", count: zeros) + "1e99999999999999999999", isFinite: false)
    }

    private func expectRounded(_ text: String, isFinite: Bool = true) throws {
        let expected = strtod(text, nil)
        guard expected.isFinite else {
            #expect(throws: JSONError.self) { try read(text) }
            return
        }
        #expect(isFinite)
        #expect(try read(text).double?.bitPattern == expected.bitPattern, "\(text.prefix(60))")
    }

    /// The same digits with another exponent.
    private static func shifted(_ text: String, by places: Int) -> String {
        let parts = text.split(separator: "e")
        guard parts.count == 2, let exponent = Int(parts[1]) else { return text }
        return "\(parts[0])e\(exponent + places)"
    }

    private static func plus(_ digits: String, _ addend: UInt64) -> String {
        String(UInt128(digits).map { $0 + UInt128(addend) } ?? 0)
    }

    @Test(arguments: [
        "18446744073709551616", "1.8446744073709551616", "18446744073709551616e-5", "-18446744073709551616",
        "36893488147419103232", "0.18446744073709551616", "184467440737095516160", "0e-25", "0e25", "-0.0e-27",
        "0", "-0", "0.1", "1e22", "1e23", "123456789012345678", "9007199254740993",
        "0.30000000000000004", "5e-324", "2.2250738585072014e-308", "1.7976931348623157e308",
        "0.000000000000000000000000000001", "3.0e-2", "100000000000000000000000",
        // Halfway between two doubles, and just beside.
        "9007199254740993.0", "9007199254740995.00", "4503599627370496.5", "4503599627370497.500",
        "2251799813685248.25", "2251799813685248.251", "2251799813685248.249", "1125899906842624.1250",
        "18446744073709551615e-27", "9999999999999999999e-27", "9999999999999999999e-1",
    ])
    func numbersAreRoundedCorrectly(text: String) throws {
        let value = try #require(try read(text).double)
        #expect(value.bitPattern == (Double(text) ?? .nan).bitPattern)
    }

    @Test(arguments: [
        "", "  ", "[1,]", "{\"a\":1,}", "[1 2]", "01", "1.", ".5", "+1", "1e", "nul", "[", "{\"a\"",
        "\"\\x\"", "\"\\ud800\"", "\"\u{1}\"", "1 2", "{a:1}", "'a'", "NaN", "\u{FEFF}[]", "{\"a\":1,\"a\":2", "[1e400",
    ])
    func brokenTextIsRefused(text: String) {
        #expect { try read(text) } throws: { ($0 as? JSONError)?.kind == .syntax }
    }

    /// JSON by its grammar, with a value that is not taken: the error points at it.
    @Test(arguments: [
        ("{\"a\":1,\"a\":2}", "/a"), ("1e400", ""), ("[0,-1e400]", "/1"), ("{\"b\":[{\"x\":1},{\"x\":1,\"x\":2}]}", "/b/1/x"),
        ("{\"a\":{\"~/\":[1,[2e999]]}}", "/a/~0~1/1/0"), ("{\"a\":1,\"\\u0061\":2}", "/a"),
    ])
    func valuesThatAreNotTakenAreNamed(text: String, pointer: String) {
        #expect { try read(text) } throws: { error in
            (error as? JSONError)?.kind == .value && (error as? JSONError)?.pointer == pointer
        }
    }

    /// Names are equal where their bytes are (RFC 8259, section 8.3).
    @Test func namesAreComparedByTheirBytes() throws {
        let json = try read("{\"\u{e9}\":1,\"e\u{301}\":2,\"\\u00e8\":3}")
        guard case .object(let fields) = json else {
            Issue.record("no object")
            return
        }
        #expect(fields.count == 3)
        #expect(throws: JSONError.self) { try read("{\"\u{e8}\":1,\"\\u00e8\":2}") }
    }

    /// Comparing such a name by canonical equivalence takes time in the square of its length: minutes.
    @Test func aNameOfCombiningMarksIsReadLikeAnyOther() throws {
        let marks = String(repeating: "\u{301}\u{323}", count: 500_000)
        let json = try read("{\"a\(marks)\":1,\"b\(marks)\":2,\"c\":\"\(marks)\"}")
        guard case .object(let fields) = json else {
            Issue.record("no object")
            return
        }
        #expect(fields.map(\.name.utf8.count) == [2_000_001, 2_000_001, 1])
    }

    @Test func aByteOrderMarkIsNamed() {
        for mark: [UInt8] in [[0xEF, 0xBB, 0xBF], [0xFF, 0xFE], [0xFE, 0xFF]] {
            #expect { try JSONReader.read(mark + Array("[]".utf8)) } throws: {
                ($0 as? JSONError)?.reason.contains("byte order mark") == true
            }
        }
    }

    @Test func anObjectHasAtMostAThousandFields() throws {
        let text = { (count: Int) in "{" + (0..<count).map { "\"f\($0)\":0" }.joined(separator: ",") + "}" }
        _ = try read(text(1000))
        #expect { try read(text(1001)) } throws: { ($0 as? JSONError)?.kind == .value }
    }

    /// The same value, however the text is cut into slices.
    @Test(arguments: [1, 2, 7, 64])
    func slicesMakeNoDifference(size: Int) throws {
        var grower = Grower(generator: PhiloxGenerator(Philox(seed: 15)))
        for _ in 0..<300 {
            let text = grower.value()
            var reader = JSONReader(Array(text.utf8)), node: JSONNode?
            while node == nil { node = try reader.advance(bytes: size) }
            let whole = JSONWriter.write(try read(text), .line)
            #expect(node.map { JSONWriter.write(JSON($0), .line) } == whole, "\(text)")
        }
    }

    @Test func depthIsLimited() throws {
        let deep = { String(repeating: "[", count: $0) + String(repeating: "]", count: $0) }
        _ = try read(deep(64))
        #expect { try read(deep(65)) } throws: {
            ($0 as? JSONError)?.kind == .depth && ($0 as? JSONError)?.pointer == String(repeating: "/0", count: 64)
        }
        #expect(throws: JSONError.self) {
            try read(String(repeating: "[", count: 1_000_000))
        }
    }

    /// However a text is made, its values take at most eight bytes for each of its own.
    @Test(arguments: ["[0]", "[]", "{}", "0", "null", "\"\"", "[[[]]]", "{\"a\":[0]}", "[0,[0]]", "[{},{}]"])
    func memoryIsInProportionToTheText(element: String) throws {
        let text = Array(("[" + Array(repeating: element, count: 10_000).joined(separator: ",") + "]").utf8)
        let reader = JSONReader(text)
        #expect(reader.mostMemory <= 7 * text.count)
        #expect(try JSONReader.node(text).count == 10_000)
    }

    @Test func errorsCountLinesAndColumns() {
        #expect(throws: JSONError(line: 2, column: 6, reason: "a value is expected")) {
            try read("{\n\"a\": x}")
        }
    }
}
