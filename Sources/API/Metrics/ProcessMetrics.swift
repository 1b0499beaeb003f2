import Glibc

/// What the kernel says of this process (proc(5)), under the names that Prometheus' own clients
/// give it. What cannot be read is left out.
package struct ProcessMetrics {
    package struct Family {
        let kind: MetricKind
        package let value: Double
    }

    /// By name.
    package let families: [String: Family]

    /// As of now: three small reads from /proc and a listing of the open files.
    static func current() -> ProcessMetrics {
        ProcessMetrics(
            stat: contents(of: "/proc/self/stat"), systemStat: contents(of: "/proc/stat"),
            openFiles: openFiles(), fileLimit: fileLimit(),
            ticksPerSecond: Double(sysconf(Int32(_SC_CLK_TCK))),
            pageSize: Double(sysconf(Int32(_SC_PAGESIZE))))
    }

    /// - Parameters:
    ///   - stat: `/proc/self/stat`: times in ticks, memory in pages.
    ///   - systemStat: `/proc/stat`, whose `btime` is the boot in seconds since 1970.
    package init(
        stat: String, systemStat: String, openFiles: Int?, fileLimit: Double?,
        ticksPerSecond: Double, pageSize: Double
    ) {
        var families: [String: Family] = [:]
        // The second field is the command in parentheses, with whatever it holds, blanks and
        // parentheses included: fields are counted from behind the last one.
        let tail = stat.lastIndex(of: ")").map { stat[stat.index(after: $0)...] } ?? ""
        let fields = tail.split(whereSeparator: \.isWhitespace)
        // By proc(5)'s numbers, which start at 1; the first after the command is number 3.
        func field(_ number: Int) -> Double? {
            fields.indices.contains(number - 3) ? Double(fields[number - 3]) : nil
        }
        func add(_ name: String, _ kind: MetricKind, _ value: Double?) {
            if let value { families[name] = Family(kind: kind, value: value) }
        }
        if let user = field(14), let system = field(15) {
            add("process_cpu_seconds_total", .counter, (user + system) / ticksPerSecond)
        }
        add("process_max_fds", .gauge, fileLimit)
        add("process_open_fds", .gauge, openFiles.map(Double.init))
        add("process_resident_memory_bytes", .gauge, field(24).map { $0 * pageSize })
        // The process's start is counted from boot.
        let boot = systemStat.split(separator: "\n")
            .first { $0.hasPrefix("btime ") }
            .flatMap { Double($0.dropFirst("btime ".count)) }
        if let boot, let start = field(22) {
            add("process_start_time_seconds", .gauge, boot + start / ticksPerSecond)
        }
        self.families = families
    }

    /// Files in /proc have no size: they are read to their end. Empty where there is none.
    private static func contents(of path: String) -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return "" }
        defer { close(file) }
        var contents: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(file, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { break }
            contents += buffer[..<count]
        }
        return String(decoding: contents, as: UTF8.self)
    }

    /// Open descriptors, without the one that counting them takes.
    private static func openFiles() -> Int? {
        guard let directory = opendir("/proc/self/fd") else { return nil }
        defer { closedir(directory) }
        var count = 0
        while let entry = readdir(directory) {
            if entry.pointee.d_name.0 != CChar(UInt8(ascii: ".")) { count += 1 }
        }
        return count - 1
    }

    private static func fileLimit() -> Double? {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            return nil
        }
        return limit.rlim_cur == rlim_t.max ? .infinity : Double(limit.rlim_cur)
    }
}
