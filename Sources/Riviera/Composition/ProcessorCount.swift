import Glibc

/// How many processors this process may use: those it is pinned to, or fewer where its control
/// group has a quota of time, as a container's limit is.
enum ProcessorCount {
    static func available() -> Int {
        var set = cpu_set_t()
        let pinned = sched_getaffinity(0, MemoryLayout<cpu_set_t>.size, &set) == 0
            ? withUnsafeBytes(of: &set) { $0.reduce(0) { $0 + $1.nonzeroBitCount } }
            : sysconf(Int32(_SC_NPROCESSORS_ONLN))
        let groups = text(of: "/proc/self/cgroup").flatMap(groups(in:)) ?? []
        let quotas = groups.compactMap { text(of: "/sys/fs/cgroup\($0)/cpu.max").flatMap(quota(in:)) }
        return max(1, quotas.reduce(pinned, min))
    }

    /// This process's control group and those around it (cgroup v2), from `/proc/self/cgroup`.
    static func groups(in text: String) -> [String]? {
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("0::/") }) else { return nil }
        var names = line.dropFirst(4).split(separator: "/"), groups: [String] = []
        repeat {
            groups.append(names.map { "/\($0)" }.joined())
        } while names.popLast() != nil
        return groups
    }

    /// Whole processors that `cpu.max` grants, rounded up; nil where there is no limit.
    static func quota(in text: String) -> Int? {
        let numbers = text.split(whereSeparator: \.isWhitespace).map { Int($0) }
        guard numbers.count == 2, let time = numbers[0], let period = numbers[1], period > 0 else { return nil }
        return (time + period - 1) / period
    }

    private static func text(of path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return (try? readAll(from: descriptor, name: path)).map { String(decoding: $0, as: UTF8.self) }
    }
}
