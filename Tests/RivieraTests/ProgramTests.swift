import API
import Glibc
import Streams
import Testing

/// The executable itself, run as a shell runs it.
@Suite struct ProgramTests {
    /// Beside the tests, where both are built.
    private let program: String = {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let tests = String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return tests.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
            + "/riviera"
    }()

    /// What a shell prints that runs the program, and then its status.
    private func shell(_ script: String) throws -> [String] {
        let output = try ChildProcess.output(of: "bash", ["-c", "riviera=\(program); \(script); echo $?"], input: [])
        return String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test(arguments: [
        "ruin --n 10 --seed 1", "merge <($riviera ruin --n 10 --seed 1 --shard 0/1)",
        "gradients --seed 1 --iterations 10",
        "--help", "benchmark ruin --seconds 0.01 --python /nowhere",
    ])
    func outputThatCannotBeWrittenIsOneLineAndStatusTwo(command: String) throws {
        for target in ["/dev/full", "&-"] {
            let lines = try shell(
                "$riviera \(command) 2>&1 >\(target) | grep -v '^riviera: /nowhere'; exit_code=${PIPESTATUS[0]}; (exit $exit_code)"
            )
            #expect(lines.count == 2 && lines.last == "2", "\(target): \(lines)")
            #expect(lines.first?.hasPrefix("riviera: standard output: cannot be written") == true, "\(lines)")
        }
    }

    @Test func aPipeThatNobodyReadsIsAnErrorAndNoSignal() throws {
        let lines = try shell(
            "mkfifo=$(mktemp -u); mkfifo $mkfifo; exec 3<>$mkfifo 4>$mkfifo 3>&-; rm $mkfifo; $riviera ruin --n 10 --seed 1 2>&1 >&4"
        )
        #expect(lines.last == "2" && lines.first?.contains("Broken pipe") == true, "\(lines)")
    }

    @Test(arguments: [
        "serve --port 65536", "serve --prot 1", "serve --config /", "serve --config /dev/zero",
        "serve --model /nowhere", "serve --port 0 --http-unix-socket /tmp", "serve --token-file ''",
        "serve --port 0 --http-unix-socket /dev/null --http-unix-socket-mode 0660",
        "serve --http-unix-socket-mode 660x", "serve --model ''",
        "serve --model /dev/null", "serve --host 0.0.0.0,0.0.0.0 --port 1 --http-unix-socket /nowhere/at/all",
        "ruin --n x", "inpaint /nowhere", "merge /dev/null", "gradients out.txt", "nonsense", "sample --scale 2",
        "project --point 1", "gradients --format png", "maximize --f x --variables x --start 0 --constraints [",
        "probability --g x", "probability --g x --variables x",
        "probability --g log\\(x\\) --variables x=normal:0:1 --seed 1",
        "train /nowhere out", "train /dev/null out", "train /tmp/ out --epochs 0",
    ])
    func whatIsWrongIsOneLineAndStatusTwo(command: String) throws {
        let lines = try shell("$riviera \(command) 2>&1 >/dev/null")
        #expect(lines.count == 2 && lines.last == "2" && lines.first?.hasPrefix("riviera: ") == true, "\(lines)")
    }

    @Test(arguments: [
        ("inpant x.png", "Did you mean “inpaint”?"), ("help foo", "no command “foo”"),
        ("benchmark run", "Did you mean “ruin”?"),
        ("ruin --seed 1 --seed=2", "--seed is given twice"),
        ("gradients --learning-rate 1 --learning_rate 2", "--learning_rate is given twice, also as --learning-rate"),
        ("serve --port 0 --http-port 1", "--http-port is given twice"),
        ("train /nowhere x --epochs 1 --epochs 2", "--epochs is given twice"),
    ])
    func whatTheParserWouldPassInSilenceIsNamed(command: String, culprit: String) throws {
        let lines = try shell("$riviera \(command) 2>&1 >/dev/null")
        #expect(lines.count == 2 && lines.last == "2" && lines.first?.contains(culprit) == true, "\(lines)")
    }

    /// A value that looks like a flag is none, and what may come again may.
    @Test func whatIsGivenOnceIsTaken() throws {
        for command in [
            "gradients --f --mu --mu 1 --seed 1 --iterations 10", "help ruin", "models --model nice --model glow",
        ] {
            let lines = try shell("$riviera \(command) 2>&1 >/dev/null")
            #expect(!lines.joined().contains("twice") && !lines.joined().contains("no command"), "\(lines)")
        }
    }

    /// The address that a flag names is the one that is asked, whatever else the settings have.
    @Test func healthAsksAtTheSocketThatAFlagNames() throws {
        let lines = try shell("$riviera health --http-unix-socket /nowhere/at/all --port 1 2>&1")
        #expect(lines.count == 2 && lines.last == "1", "\(lines)")
        #expect(lines.first?.hasPrefix("riviera: /nowhere/at/all: ") == true, "\(lines)")
    }

    @Test func anInterruptedRunIsNotOverwritten() throws {
        let checkpoint = try TemporaryFile("left by a run")
        let other = checkpoint.path + ".checkpoint"
        try writeFile(Array("left by a run".utf8), other)
        defer { unlink(other) }
        let lines = try shell("$riviera train /nowhere \(checkpoint.path) 2>&1 >/dev/null; cat \(other); echo")
        #expect(lines.first?.contains("--resume") == true, "\(lines)")
        #expect(lines.contains { $0.hasSuffix("left by a run") })
    }

    @Test func aPictureOfAnotherSizeMayBeAPhotograph() throws {
        let size = PNG.Size(width: 3, height: 2)
        let file = try TemporaryFile(
            try PNG.encode(GrayscaleImage(size: size, samples: [0, 0, 0, 1, 1, 1])))
        for (command, isTold) in [("inpaint", true), ("encode", false)] {
            let lines = try shell("$riviera \(command) \(file.path) 2>&1 >/dev/null")
            #expect(lines.count == 2 && lines.last == "2", "\(lines)")
            #expect(lines.first?.contains("--model photographs") == isTold, "\(lines)")
        }
    }

    /// Progress shows that the work has begun; then the signal ends it.
    @Test func aCommandThatIsAskedToEndPrintsWhatItHasReached() throws {
        let lines = try shell(
            """
            { $riviera ruin --relative-error 1e-7 --seed 1 --format ndjson 2>&1 & echo $!; wait $!; echo status $?; } | \
            { read process; read progress; kill -TERM $process; grep -E 'stopped|estimate"|status' | tail -3; }
            """)
        #expect(lines.contains("status 143"), "\(lines)")
        #expect(lines.contains { $0.contains("stopped before the work was done: this is how far it came") }, "\(lines)")
        #expect(lines.contains { $0.contains("\"estimate\"") }, "\(lines)")
    }

    /// Its standard input has ended before it starts: it is asked to end as early as can be.
    @Test func aServerThatIsAskedToEndAtOnceEndsInOrder() throws {
        let lines = try shell(
            "$riviera serve --host 127.0.0.1 --port 0 --end-with-input --log-level error 2>&1 </dev/null")
        #expect(lines == ["0"])
    }
}
