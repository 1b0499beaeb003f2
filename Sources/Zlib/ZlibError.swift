/// zlib has no memory for another stream.
public struct ZlibError: Error, CustomStringConvertible {
    public var description: String { "zlib has no memory for another stream" }
}
