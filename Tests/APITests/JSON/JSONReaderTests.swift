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

    @Test(arguments: [
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
        "\"\\x\"", "\"\\ud800\"", "\"\u{1}\"", "1 2", "{\"a\":1,\"a\":2}", "{a:1}", "'a'", "NaN", "1e400",
    ])
    func brokenTextIsRefusedWithItsPlace(text: String) {
        #expect(throws: JSONSyntaxError.self) { try read(text) }
    }

    @Test func depthIsLimited() throws {
        let deep = { String(repeating: "[", count: $0) + String(repeating: "]", count: $0) }
        _ = try read(deep(64))
        #expect(throws: JSONSyntaxError.self) { try read(deep(65)) }
        #expect(throws: JSONSyntaxError.self) {
            try read(String(repeating: "[", count: 1_000_000))
        }
    }

    @Test func errorsCountLinesAndColumns() {
        #expect(throws: JSONSyntaxError(line: 2, column: 6, reason: "a value is expected")) {
            try read("{\n\"a\": x}")
        }
    }
}
