import CFuzzer
import FuzzTargets
import Glibc
import Streams

/// libFuzzer's program; `.ci/fuzz` builds and runs it. The variable FUZZ_TARGET names a `FuzzTarget`.
///
/// `Fuzz seeds FOLDER` writes the target's seeds, `Fuzz dictionary FILE` its words; any other arguments are libFuzzer's.
@main struct Fuzz {
    static let target: FuzzTarget = {
        guard let name = getenv("FUZZ_TARGET"), let target = FuzzTarget(rawValue: String(cString: name)) else {
            complain("FUZZ_TARGET is one of \(FuzzTarget.allCases.map(\.rawValue).joined(separator: ", "))")
            exit(2)
        }
        return target
    }()

    static func main() {
        let arguments = CommandLine.arguments
        if arguments.count == 3, arguments[1] == "seeds" {
            for (index, seed) in target.seeds.enumerated() {
                write(seed, to: "\(arguments[2])/seed-\(index)")
            }
            return
        }
        if arguments.count == 3, arguments[1] == "dictionary" {
            write(Array(target.words.map { "\"\(escaped($0))\"\n" }.joined().utf8), to: arguments[2])
            return
        }
        var count = CommandLine.argc
        var pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        exit(LLVMFuzzerRunDriver(&count, &pointers, testOneInput))
    }

    private static func write(_ bytes: [UInt8], to path: String) {
        guard let file = fopen(path, "w"), fwrite(bytes, 1, bytes.count, file) == bytes.count, fclose(file) == 0 else {
            complain("\(path) cannot be written")
            exit(2)
        }
    }

    /// As libFuzzer's dictionaries want it.
    private static func escaped(_ word: String) -> String {
        word.utf8.map { byte in
            let digits = String(byte, radix: 16)
            return 0x20...0x7E ~= byte && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
                ? String(UnicodeScalar(byte)) : "\\x" + (byte < 16 ? "0" : "") + digits
        }.joined()
    }
}

/// Under the name by which libFuzzer's own main function knows it: the linker asks for it.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    do throws(Finding) {
        try Fuzz.target.run(Array(UnsafeBufferPointer(start: data, count: size)))
    } catch {
        fatalError("\(Fuzz.target): \(error.text)")
    }
    return 0
}
