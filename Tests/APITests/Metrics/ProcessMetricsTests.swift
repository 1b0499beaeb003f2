import API
import Glibc
import Testing

@Suite struct ProcessMetricsTests {
    /// Fields numbered from 3 on carry their own number, so that a wrong one shows.
    func metrics(command: String) -> [String: Double] {
        let fields = ["S"] + (4...52).map(String.init)
        let metrics = ProcessMetrics(
            stat: "123 (\(command)) \(fields.joined(separator: " "))\n",
            systemStat: "cpu  1 2 3\nctxt 4\nbtime 1700000000\nprocesses 5\n", openFiles: 7,
            fileLimit: 1024, ticksPerSecond: 100, pageSize: 4096)
        return metrics.families.mapValues(\.value)
    }

    @Test(arguments: ["riviera", "a b", "a) S 1 (b", ")", "(", ""])
    func fieldsAreCountedBehindTheCommandWhateverItsName(command: String) {
        let expected: [String: Double] = [
            "process_cpu_seconds_total": 0.29,
            "process_start_time_seconds": 1_700_000_000.22,
            "process_resident_memory_bytes": 98304,
            "process_open_fds": 7,
            "process_max_fds": 1024,
        ]
        #expect(metrics(command: command) == expected)
    }

    @Test(arguments: ["", "1 (x", "1 (x) S 4 5", "\0\u{FFFD}"]) func whatCannotBeReadIsLeftOut(
        stat: String
    ) {
        let metrics = ProcessMetrics(
            stat: stat, systemStat: "btime\nbtime x\n", openFiles: nil, fileLimit: nil,
            ticksPerSecond: 100, pageSize: 4096)
        #expect(metrics.families.isEmpty)
    }

    @Test func aScrapeTellsOfThisProcess() throws {
        let registry = PrometheusRegistry()
        let before = try ExpositionGrammar(registry.render())
        var memory = [UInt8](repeating: 1, count: 64 << 20)
        let files = (0..<5).map { _ in open("/dev/null", O_RDONLY) }
        defer { for file in files { close(file) } }
        // Work enough for two of the kernel's ticks of 10 ms.
        let start = clock()
        while clock() - start < 40000 {
            for i in stride(from: 0, to: memory.count, by: 4096) { memory[i] &+= 1 }
        }
        let after = try ExpositionGrammar(registry.render())
        let resident = try #require(after.value("process_resident_memory_bytes"))
        #expect(resident > Double(memory.count))
        let spent = try #require(before.value("process_cpu_seconds_total"))
        #expect(try #require(after.value("process_cpu_seconds_total")) > spent)
        let descriptors = try #require(after.value("process_open_fds"))
        #expect(descriptors >= 5)
        #expect(try #require(after.value("process_max_fds")) >= descriptors)
        let now = Double(time(nil))
        let started = try #require(after.value("process_start_time_seconds"))
        // btime and the present are whole seconds.
        #expect(started > now - 86400)
        #expect(started < now + 2)
    }
}
