import API
import ArgumentParser
import Riviera
import Testing

@Suite struct FieldFlagsTests {
    private static let kinds: [any EndpointKind.Type] = [
        InpaintEndpoint.self, LikelihoodEndpoint.self, EncodeEndpoint.self, DecodeEndpoint.self, SampleEndpoint.self,
        ModelsEndpoint.self, ModelEndpoint.self, RuinEndpoint.self, MergeEndpoint.self, ProbabilityEndpoint.self,
        ProbabilityMergeEndpoint.self, GradientsEndpoint.self, EvidenceEndpoint.self,
        ProjectEndpoint.self, MaximizeEndpoint.self, ConvolutionEndpoint.self,
    ]

    @Test func everyEndpointHasACommandOfItsName() {
        #expect(Set(Self.kinds.map { $0.path }) == Set(Declaration.standard.map(\.path)))
        #expect(Self.kinds.map { $0.declaration.commandName }.contains("elbo-gradient"))
        let names = Self.kinds.map { $0.declaration.commandName }
        #expect(Set(names).count == names.count)
    }

    /// Files that a command reads before its flags.
    private static func files<Kind: EndpointKind>(_ kind: Kind.Type) -> [String] {
        kind.declaration.needs.input == nil ? [] : ["in.png"]
    }

    /// Those that neither the file IN has nor `--model` says, which loads the models.
    private static func flagFields<Kind: EndpointKind>(of kind: Kind.Type) -> [Property] {
        kind.declaration.commandFields.filter {
            $0.name != kind.declaration.needs.input && !(kind.declaration.needs.model && $0.name == "model")
        }
    }

    @Test func everyFieldHasAFlagOfItsName() throws {
        func check<Kind: EndpointKind>(_ kind: Kind.Type) throws {
            for field in Self.flagFields(of: kind) {
                let name = "--\(field.name)", isSwitch = field.schema.standardText == "false"
                for flag in [name, String(name.map { $0 == "_" ? "-" : $0 })] {
                    let flags = try FieldFlags<Kind>.parse(Self.files(kind) + (isSwitch ? [flag] : [flag, "a"]))
                    #expect(flags.texts == [field.name: isSwitch ? "true" : "a"], "\(kind.path) \(flag)")
                }
            }
        }
        for kind in Self.kinds { try check(kind) }
    }

    @Test func helpTellsEachFieldWithItsSentenceAndDefault() {
        func check<Kind: EndpointKind>(_ kind: Kind.Type) {
            let help = FieldFlags<Kind>.helpMessage(columns: 10_000)
                .split(whereSeparator: \.isWhitespace).joined(separator: " ")
            for field in Self.flagFields(of: kind) {
                #expect(help.contains(field.schema.fullSentence), "\(kind.path) \(field.name)")
                guard let standard = field.schema.standardText, standard != "false" else { continue }
                #expect(help.contains("Default \(standard)."), "\(kind.path) \(field.name)")
            }
        }
        for kind in Self.kinds { check(kind) }
    }

    @Test func filesComeFirstAndStandardOutputIsTheDefault() throws {
        let flags = try FieldFlags<InpaintEndpoint>.parse(["digit.png", "filled.png", "--seed", "1"])
        #expect(flags.input == "digit.png" && flags.output == "filled.png" && flags.texts == ["seed": "1"])
        #expect(try FieldFlags<SampleEndpoint>.parse([]).output == "-")
        #expect(try FieldFlags<MergeEndpoint>.parse(["a", "b"]).files == ["a", "b"])
    }
}
