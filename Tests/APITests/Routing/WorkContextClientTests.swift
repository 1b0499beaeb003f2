import API
import Compute
import HTTP
import Testing

@Suite struct WorkContextClientTests {
    private func address(_ address: String) -> String {
        WorkContext.Client(ClientIdentity(address: address, connection: 1)).address
    }

    @Test func aHostIsKnownByItsAddress() {
        #expect(address("127.0.0.1") != address("127.0.0.2"))
        #expect(address("127.0.0.1") == address("127.0.0.1"))
        #expect(address("unix") == "unix")
        #expect(address("::1") != address("::2"))
    }

    /// An IPv6 host chooses the second half of its address itself.
    @Test func anIPv6NetworkIsOneClient() {
        #expect(address("2001:db8:1:2::1") == address("2001:db8:1:2:ffff::abcd"))
        #expect(address("2001:db8:1:2::1") != address("2001:db8:1:3::1"))
        #expect(address("fe80::1%eth0") == address("fe80::2%eth0"))
        #expect(address("::ffff:10.0.0.1") != address("::ffff:10.0.0.2"))
    }

    @Test func connectionsOfOneHostDiffer() {
        let client = ClientIdentity(address: "10.0.0.1", connection: 7)
        #expect(WorkContext.Client(client).connection == 7)
    }
}
