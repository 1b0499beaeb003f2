import CZlib

/// CRC-32 as zip and gzip use it.
func crc32(of bytes: MappedBytes) -> UInt32 {
    bytes.withUnsafeBytes { buffer in
        UInt32(truncatingIfNeeded: crc32_z(0, buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), buffer.count))
    }
}
