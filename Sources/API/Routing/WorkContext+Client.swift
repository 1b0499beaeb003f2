import Compute
import HTTP

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension WorkContext.Client {
    /// The client as Compute's queue sees it. An IPv6 host has a whole network of 2⁶⁴ addresses, which count
    /// as one.
    init(_ client: ClientIdentity) {
        self.init(address: Self.network(of: client.address), connection: client.connection)
    }

    private static func network(of address: String) -> String {
        guard address.utf8.contains(UInt8(ascii: ":")) else { return address }
        var bytes = [UInt8](repeating: 0, count: 16)
        // A link-local address names its interface after a percent sign.
        guard inet_pton(AF_INET6, String(address.prefix { $0 != "%" }), &bytes) == 1 else { return address }
        // An IPv4 address in the guise of an IPv6 one: all of them have the same first half.
        if bytes[..<10].allSatisfy({ $0 == 0 }) { return address }
        return bytes[..<8].map { String($0, radix: 16) }.joined(separator: ":")
    }
}
