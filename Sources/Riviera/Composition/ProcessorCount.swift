import Glibc
import Streams

/// How many processors this process may use: those it is pinned to, or fewer where its control
/// group has a quota of processor time, as a container's limit is.
package enum ProcessorCount {
    package static func available() -> Int { available(at: "") }

    /// - Parameter root: what precedes `/proc` and `/sys`.
    package static func available(at root: String) -> Int {
        func text(_ path: String) -> String? {
            (try? readFile(root + path, atMost: 1 << 20)).map { String(decoding: $0, as: UTF8.self) }
        }
        let pinned = text("/proc/self/status").flatMap(allowed(in:)) ?? sysconf(Int32(_SC_NPROCESSORS_ONLN))
        let quotas = text("/proc/self/cgroup").map(folders(in:)) ?? []
        return max(1, quotas.compactMap { folder in
            quota(max: text("\(folder)/cpu.max"))
                ?? quota(time: text("\(folder)/cpu.cfs_quota_us"), period: text("\(folder)/cpu.cfs_period_us"))
        }.reduce(pinned, min))
    }

    /// Processors that `/proc/self/status` lists as allowed: `Cpus_allowed_list: 0-3,8`.
    package static func allowed(in text: String) -> Int? {
        let field = "Cpus_allowed_list:"
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(field) }) else { return nil }
        var count = 0
        for range in line.dropFirst(field.count).filter({ !$0.isWhitespace }).split(separator: ",") {
            let ends = range.split(separator: "-").map { UInt16($0) }
            guard let first = ends.first ?? nil, let last = ends.last ?? nil, first <= last else { return nil }
            count += Int(last - first) + 1
        }
        return count > 0 ? count : nil
    }

    /// Where the limits of this process's control group and of those around it may be, from
    /// `/proc/self/cgroup`: of version 2 the line without controllers, of version 1 that of `cpu`.
    package static func folders(in text: String) -> [String] {
        text.split(separator: "\n").flatMap { line -> [String] in
            // hierarchy:controllers:path
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3, parts[2].hasPrefix("/") else { return [] }
            let controllers = parts[1].split(separator: ",")
            guard parts[1].isEmpty || controllers.contains("cpu") else { return [] }
            let mounts = parts[1].isEmpty ? [""] : Set(["/\(parts[1])", "/cpu"]).sorted()
            var names = parts[2].split(separator: "/"), folders: [String] = []
            repeat {
                folders += mounts.map { mount in "/sys/fs/cgroup\(mount)" + names.map { "/\($0)" }.joined() }
            } while names.popLast() != nil
            return folders
        }
    }

    /// Whole processors that `cpu.max` grants, rounded up: `150000 100000` is 2. nil where there is no
    /// limit.
    package static func quota(max text: String?) -> Int? {
        let numbers = text?.split(whereSeparator: \.isWhitespace) ?? []
        return numbers.count == 2 ? quota(time: String(numbers[0]), period: String(numbers[1])) : nil
    }

    /// The same of version 1's two files, in microseconds. A time of −1 is no limit.
    package static func quota(time: String?, period: String?) -> Int? {
        func number(_ text: String?) -> Int? { text.flatMap { Int($0.filter { !$0.isWhitespace }) } }
        guard let time = number(time), let period = number(period), time > 0, period > 0 else { return nil }
        return time / period + (time % period > 0 ? 1 : 0)
    }
}
