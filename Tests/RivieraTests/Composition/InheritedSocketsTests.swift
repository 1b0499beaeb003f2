import Riviera
import Testing

@Suite struct InheritedSocketsTests {
    @Test func descriptorsFollowTheStandardStreams() throws {
        #expect(try InheritedSockets.descriptors(pid: "7", count: "1", of: 7) == [3])
        #expect(try InheritedSockets.descriptors(pid: "7", count: "3", of: 7) == [3, 4, 5])
        #expect(try InheritedSockets.descriptors(pid: "7", count: "0", of: 7) == [])
    }

    /// The variables are handed down to children, whom they do not concern.
    @Test(arguments: [nil, "", "8", "-7", "7 ", "99999999999999"])
    func thoseOfAnotherProcessAreLeftAlone(pid: String?) throws {
        #expect(try InheritedSockets.descriptors(pid: pid, count: "2", of: 7) == [])
    }

    @Test func withoutACountThereAreNone() throws {
        #expect(try InheritedSockets.descriptors(pid: "7", count: nil, of: 7) == [])
    }

    @Test(arguments: [
        "", "-1", "two", "1e3", "1025", "2147483648", "99999999999999999999", String(repeating: "9", count: 1000),
    ])
    func aCountThatIsNoneIsRefusedInOneLine(count: String) {
        let error = #expect(throws: SettingError.self) {
            try InheritedSockets.descriptors(pid: "7", count: count, of: 7)
        }
        #expect(error?.description.hasPrefix("the variable LISTEN_FDS is ") == true)
        #expect((error?.description.utf8.count ?? .max) < 200)
    }
}
