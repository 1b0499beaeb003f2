import Riviera
import Testing

@Suite struct ProcessorCountTests {
    @Test func thereIsAtLeastOneProcessor() {
        #expect(ProcessorCount.available() >= 1)
    }

    @Test(arguments: [("0", 1), ("0-3", 4), ("0-3,8", 5), ("1,3-4,64-127", 67), ("", nil), ("x", nil), ("3-1", nil)])
    func allowedProcessorsAreCounted(list: String, count: Int?) {
        #expect(ProcessorCount.allowed(in: "Name:\tx\nCpus_allowed_list:\t\(list)\nMems_allowed:\t1\n") == count)
    }

    @Test func aStatusWithoutTheListSaysNothing() {
        #expect(ProcessorCount.allowed(in: "Cpus_allowed:\t3\n") == nil)
    }

    @Test(arguments: [
        ("max 100000\n", nil), ("200000 100000\n", 2), ("150000 100000\n", 2), ("10000 100000\n", 1),
        ("1 0\n", nil), ("", nil),
    ])
    func quotasAreRoundedUp(text: String, count: Int?) {
        #expect(ProcessorCount.quota(in: text) == count)
    }

    @Test func aGroupsLimitsAreThoseOfAllAroundIt() {
        #expect(ProcessorCount.groups(in: "1:name=systemd:/old\n0::/a/b c/d\n") == ["/a/b c/d", "/a/b c", "/a", ""])
        #expect(ProcessorCount.groups(in: "0::/\n") == [""])
        #expect(ProcessorCount.groups(in: "2:cpu:/x\n") == nil)
    }
}
