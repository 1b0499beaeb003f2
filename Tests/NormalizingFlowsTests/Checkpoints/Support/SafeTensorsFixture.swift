import Fixtures

/// A safetensors file with any header at all before its buffer.
func safeTensors(_ header: String, buffer: Int = 0, announced: UInt64? = nil) -> [UInt8] {
    let text = Array(header.utf8)
    return little(announced ?? UInt64(text.count)) + text + (0..<buffer).map { UInt8($0 % 251) }
}
