import CFuzzer
import FuzzTargets
import Glibc
import Streams

/// libFuzzer's program; `.ci/fuzz` builds and runs it. The variable FUZZ_TARGET names a `FuzzTarget`.
///
/// `Fuzz seeds FOLDER` writes the target's seeds; any other arguments are libFuzzer's.
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
                guard let file = fopen("\(arguments[2])/seed-\(index)", "w"),
                    fwrite(seed, 1, seed.count, file) == seed.count, fclose(file) == 0
                else { fatalError("a seed cannot be written to \(arguments[2])") }
            }
            return
        }
        var count = CommandLine.argc
        var pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        exit(LLVMFuzzerRunDriver(&count, &pointers, testOneInput))
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
