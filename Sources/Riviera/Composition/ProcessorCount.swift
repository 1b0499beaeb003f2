import Glibc
import Streams

/// How many processors this process may use: those it is pinned to, or fewer where its control
/// group has a quota of time, as a container's limit is.
package enum ProcessorCount {
    package static func available() -> Int {
        let pinned = text(of: "/proc/self/status").flatMap(allowed(in:)) ?? sysconf(Int32(_SC_NPROCESSORS_ONLN))
        let groups = text(of: "/proc/self/cgroup").flatMap(groups(in:)) ?? []
        let quotas = groups.compactMap { text(of: "/sys/fs/cgroup\($0)/cpu.max").flatMap(quota(in:)) }
        return max(1, quotas.reduce(pinned, min))
    }

    /// Processors that `/proc/self/status` lists as allowed: `Cpus_allowed_list: 0-3,8`.
    package static func allowed(in text: String) -> Int? {
        let field = "Cpus_allowed_list:"
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(field) }) else { return nil }
        var count = 0
        for range in line.dropFirst(field.count).filter({ !$0.isWhitespace }).split(separator: ",") {
            let ends = range.split(separator: "-").map { Int($0) }
            guard let first = ends.first ?? nil, let last = ends.last ?? nil, first <= last else { return nil }
            count += last - first + 1
        }
        return count > 0 ? count : nil
    }

    /// This process's control group and those around it (cgroup v2), from `/proc/self/cgroup`.
    package static func groups(in text: String) -> [String]? {
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("0::/") }) else { return nil }
        var names = line.dropFirst(4).split(separator: "/"), groups: [String] = []
        repeat {
            groups.append(names.map { "/\($0)" }.joined())
        } while names.popLast() != nil
        return groups
    }

    /// Whole processors that `cpu.max` grants, rounded up; nil where there is no limit.
    package static func quota(in text: String) -> Int? {
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
