/// Makes request identifiers: 64 bits in 13 characters, which a String holds without an allocation.
///
/// SplitMix64 from a random start: no two of one loop are alike. They identify requests in logs and are
/// no secrets.
struct RequestIDs {
    private var state = UInt64.random(in: .min ... .max)
    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    mutating func next() -> String {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        bits ^= bits >> 31
        return String(unsafeUninitializedCapacity: 13) { characters in
            for index in 0..<13 {
                characters[index] = RequestIDs.alphabet[Int(bits & 31)]
                bits >>= 5
            }
            return 13
        }
    }

    /// The client's own identifier where it is fit to be sent back: visible ASCII, 1 to 128 bytes, once.
    static func given(in fields: FieldLines) -> String? {
        let values = fields.values(of: "x-request-id")
        guard values.count == 1, let value = values.first, (1...128).contains(value.count) else { return nil }
        guard value.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        return String(decoding: value, as: UTF8.self)
    }
}
