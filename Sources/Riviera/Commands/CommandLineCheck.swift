import API
import ArgumentParser

/// What the argument parser lets pass in silence: a command that there is not, and an option that comes twice, of which it would
/// take the last.
package enum CommandLineCheck {
    /// One line that says what is wrong; nil where nothing is.
    package static func complaint(about arguments: [String]) -> String? {
        unknownCommand(in: arguments) ?? repeatedOption(in: arguments)
    }

    private static func unknownCommand(in arguments: [String]) -> String? {
        var words = arguments[...]
        if words.first == "help" { words = words.dropFirst() }
        var names = commandNames(of: RivieraCommand.self) + ["help"], path = "riviera"
        if words.first == "benchmark" {
            words = words.dropFirst()
            names = commandNames(of: Benchmark.self) + ["help"]
            path = "riviera benchmark"
        }
        guard let word = words.first, !word.hasPrefix("-"), !names.contains(word) else { return nil }
        let near = Spelling.nearest(to: word, among: names).map { " Did you mean “\($0)”?" } ?? ""
        let shown = word.utf8.count <= 64 ? " “\(word)”" : " of that name"
        return "there is no command\(shown): \(path) --help lists them.\(near)"
    }

    private static func commandNames(of command: any ParsableCommand.Type) -> [String] {
        command.configuration.subcommands.map { $0._commandName }
    }

    /// Only where there are two is the table of options asked for, which takes some milliseconds.
    private static func repeatedOption(in arguments: [String]) -> String? {
        let words = arguments.prefix { $0 != "--" }
        guard !words.contains(where: { ["-h", "--help", "--version"].contains($0) }) else { return nil }
        let flags = words.filter { $0.hasPrefix("--") }.map(Self.name)
        guard flags.count > 1 else { return nil }
        guard let options = options(of: words), !options.isEmpty else { return nil }
        var seen: [Int: String] = [:], isValue = false
        for word in words {
            if isValue {
                isValue = false
                continue
            }
            guard word.hasPrefix("--"), let index = options.firstIndex(where: { $0.names.contains(Self.name(word)) })
            else { continue }
            let option = options[index]
            isValue = option.takesValue && !word.contains("=")
            guard !option.isRepeating else { continue }
            if let first = seen[index] {
                let other = first == Self.name(word) ? "" : ", also as --\(first)"
                return "--\(Self.name(word)) is given twice\(other): give it once"
            }
            seen[index] = Self.name(word)
        }
        return nil
    }

    private static func name(_ word: String) -> String { String(word.dropFirst(2).prefix { $0 != "=" }) }

    private struct KnownOption {
        let names: [String]
        let isRepeating, takesValue: Bool
    }

    /// Those of the command that the words name.
    private static func options(of words: ArraySlice<String>) -> [KnownOption]? {
        guard let tool = try? JSONReader.read(Array(RivieraCommand._dumpHelp().utf8)), var command = tool["command"]
        else { return nil }
        var isNamed = false
        for word in words {
            guard !word.hasPrefix("-"),
                let next = command["subcommands"]?.elements?.first(where: { $0["commandName"]?.text == word })
            else { break }
            command = next
            isNamed = true
        }
        if !isNamed, let name = command["defaultSubcommand"]?.text,
            let next = command["subcommands"]?.elements?.first(where: { $0["commandName"]?.text == name })
        {
            command = next
        }
        return command["arguments"]?.elements?.compactMap { argument in
            guard argument["kind"]?.text != "positional" else { return nil }
            let isRepeating = if case .bool(true)? = argument["isRepeating"] { true } else { false }
            return KnownOption(
                names: argument["names"]?.elements?.compactMap { $0["name"]?.text } ?? [],
                isRepeating: isRepeating, takesValue: argument["kind"]?.text == "option")
        }
    }
}
