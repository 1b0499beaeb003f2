import Client
import Glibc
import Streams

/// A server of this very program on a free port of this machine, as its user would start it. It ends
/// with this process, however that ends: its standard input is a pipe that closes then.
package final class ServerProcess {
    package let address: ServerAddress.Kind
    /// From the start of the process until it is ready.
    package let secondsToReady: Double
    private let process: ChildProcess

    /// - Throws: `FileError` where it is not ready within a minute.
    package init(weights: String?, threads: Int) throws(FileError) {
        let port = try Self.freePort()
        address = .tcp(host: "127.0.0.1", port: port)
        let begin = LoadGenerator.now()
        process = try ChildProcess(
            "/proc/self/exe",
            ["serve", "--host", "127.0.0.1", "--port", "\(port)", "--log-level", "error", "--end-with-input"]
                + ["--compute-threads", "\(threads)"] + (weights.map { ["--model", $0] } ?? []))
        let probe = HealthProbe(address, timeout: .seconds(10))
        while (try? probe.status(of: "/health/ready")) != 200 {
            guard process.isRunning else { throw FileError("port \(port)", "the server ended before it was ready") }
            guard LoadGenerator.now() - begin < 60 else {
                throw FileError("port \(port)", "the server is not ready within a minute")
            }
            usleep(1000)
        }
        secondsToReady = LoadGenerator.now() - begin
    }

    package var residentBytes: Int? { process.residentBytes }

    /// A port that nobody has at this moment.
    private static func freePort() throws(FileError) -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
            }
        }
        guard status else { throw FileError("127.0.0.1", "no port is free", errno) }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
