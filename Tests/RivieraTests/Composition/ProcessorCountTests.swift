import Glibc
import Riviera
import Streams
import Testing

@Suite struct ProcessorCountTests {
    @Test func thereIsAtLeastOneProcessor() {
        #expect(ProcessorCount.available() >= 1)
    }

    @Test(arguments: [
        ("0", 1), ("0-3", 4), ("0-3,8", 5), ("1,3-4,64-127", 67), ("", nil), ("x", nil), ("3-1", nil),
        ("0-18446744073709551615", nil), ("0-65535", 65536),
    ])
    func allowedProcessorsAreCounted(list: String, count: Int?) {
        #expect(ProcessorCount.allowed(in: "Name:\tx\nCpus_allowed_list:\t\(list)\nMems_allowed:\t1\n") == count)
    }

    @Test func aStatusWithoutTheListSaysNothing() {
        #expect(ProcessorCount.allowed(in: "Cpus_allowed:\t3\n") == nil)
    }

    @Test(arguments: [
        ("max 100000\n", nil), ("200000 100000\n", 2), ("150000 100000\n", 2), ("10000 100000\n", 1),
        ("1 0\n", nil), ("", nil), ("-1 100000", nil), ("9223372036854775807 9223372036854775807", 1),
        ("9223372036854775807 1", Int.max),
    ])
    func quotasAreRoundedUp(text: String, count: Int?) {
        #expect(ProcessorCount.quota(max: text) == count)
        let numbers = text.split(separator: " ").map(String.init)
        #expect(ProcessorCount.quota(time: numbers.first, period: numbers.last) == (numbers.count == 2 ? count : nil))
    }

    @Test func aGroupsLimitsAreThoseOfAllAroundIt() {
        #expect(
            ProcessorCount.folders(in: "1:name=systemd:/old\n0::/a/b c/d\n")
                == ["/a/b c/d", "/a/b c", "/a", ""].map { "/sys/fs/cgroup\($0)" })
        #expect(
            ProcessorCount.folders(in: "4:cpu,cpuacct:/x\n3:cpuset:/y\n2:memory:/x\nnonsense\n")
                == ["/cpu/x", "/cpu,cpuacct/x", "/cpu", "/cpu,cpuacct"].map { "/sys/fs/cgroup\($0)" })
    }

    /// A file system with these files, the pinned processors of this machine aside.
    private func count(_ files: [String: String]) throws -> Int {
        var template = Array("/tmp/riviera-test-XXXXXX".utf8CString)
        let root = try #require(mkdtemp(&template).map { String(cString: $0) })
        var made: [String] = []
        defer {
            for path in made.reversed() { remove(path) }
            rmdir(root)
        }
        for (path, text) in files {
            var folder = root
            for name in path.split(separator: "/").dropLast() {
                folder += "/\(name)"
                if mkdir(folder, 0o700) == 0 { made.append(folder) }
            }
            try writeFile(Array(text.utf8), root + path)
            made.append(root + path)
        }
        return ProcessorCount.available(at: root)
    }

    @Test func quotasOfBothVersionsHold() throws {
        let status = ["/proc/self/status": "Cpus_allowed_list:\t0-15\n"]
        func with(_ files: [String: String]) throws -> Int { try count(status.merging(files) { $1 }) }
        #expect(try with([:]) == 16)
        #expect(
            try with([
                "/proc/self/cgroup": "0::/a/b\n", "/sys/fs/cgroup/a/cpu.max": "350000 100000\n",
                "/sys/fs/cgroup/a/b/cpu.max": "max 100000\n",
            ]) == 4)
        let old = ["/proc/self/cgroup": "4:cpu,cpuacct:/docker/1\n3:memory:/docker/1\n"]
        let folder = "/sys/fs/cgroup/cpu,cpuacct"
        #expect(
            try with(old.merging([
                "\(folder)/docker/1/cpu.cfs_quota_us": "250000\n", "\(folder)/docker/1/cpu.cfs_period_us": "100000\n",
            ]) { $1 }) == 3)
        // In a container the group is what is mounted, whatever it is called outside.
        #expect(
            try with(old.merging([
                "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "50000\n", "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
            ]) { $1 }) == 1)
        #expect(
            try with(old.merging([
                "\(folder)/cpu.cfs_quota_us": "-1\n", "\(folder)/cpu.cfs_period_us": "100000\n",
            ]) { $1 }) == 16)
    }
}
