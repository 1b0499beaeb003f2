import API
import ArgumentParser
import Streams

/// The command of one endpoint: everything about it comes from the endpoint's declaration.
struct EndpointCommand<Kind: EndpointKind>: AsyncParsableCommand, ComputingCommand, InterruptibleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: Kind.declaration.commandName, abstract: "\(Kind.declaration.summary).",
            discussion: EndpointHelp(Kind.declaration).discussion)
    }

    @OptionGroup(title: "Fields, by their names in HTTP") var fields: FieldFlags<Kind>
    @OptionGroup(title: "Settings") var settings: SettingFlags<Kind>

    func validate() throws { _ = try CommandOutput(fields) }

    func run() async throws {
        let output = try CommandOutput(fields)
        let api = try OfflineAPI(Settings(settings), Kind.declaration)
        Interruption.onRequest { api.end() }
        do {
            try await answer(output, api)
        } catch let problem as OfflineProblem {
            guard let signal = Interruption.signal else { throw problem }
            if let partial = problem.partial { try writeOutput(JSONWriter.write(partial, .page)) }
            complain("stopped before the work was done\(problem.partial == nil ? "" : ": this is how far it came")")
            throw ExitCode(128 + signal)
        }
    }

    private func answer(_ output: CommandOutput, _ api: OfflineAPI) async throws {
        if api.fillsPhotographs, let command = try PhotographCommand(fields, output) {
            return try await command.run(api)
        }
        try await output.write(try CommandRequest(fields, shape: api.shape), api)
    }
}

/// Which endpoint a command asks.
package protocol EndpointKind: SettingScope, FieldSource {
    static var path: String { get }
}

extension EndpointKind {
    package static var declaration: Declaration {
        guard let declaration = Declaration.standard.first(where: { $0.path == path }) else {
            preconditionFailure("there is no endpoint \(path)")
        }
        return declaration
    }

    /// Those that bound what may be asked, and those of every computation.
    package static var settings: [Setting] {
        let needs = declaration.needs
        let sections = needs.settings + (needs.model ? ["model"] : [])
        return Setting.all.filter { setting in
            sections.contains { setting.section == $0 } || ["compute.threads", "compute.batch"].contains(setting.key)
                || setting.section == "log"
        }
    }
}

package enum InpaintEndpoint: EndpointKind { package static let path = "/inpaint" }
package enum LikelihoodEndpoint: EndpointKind { package static let path = "/likelihood" }
package enum EncodeEndpoint: EndpointKind { package static let path = "/encode" }
package enum DecodeEndpoint: EndpointKind { package static let path = "/decode" }
package enum SampleEndpoint: EndpointKind { package static let path = "/sample" }
package enum ModelsEndpoint: EndpointKind { package static let path = "/models" }
package enum ModelEndpoint: EndpointKind { package static let path = "/model" }
package enum RuinEndpoint: EndpointKind { package static let path = "/ruin" }
package enum MergeEndpoint: EndpointKind { package static let path = "/ruin/merge" }
package enum ProbabilityEndpoint: EndpointKind { package static let path = "/probability" }
package enum ProbabilityMergeEndpoint: EndpointKind { package static let path = "/probability/merge" }
package enum GradientsEndpoint: EndpointKind { package static let path = "/gradients" }
package enum EvidenceEndpoint: EndpointKind { package static let path = "/elbo-gradient" }
package enum ProjectEndpoint: EndpointKind { package static let path = "/project" }
package enum MaximizeEndpoint: EndpointKind { package static let path = "/maximize" }
package enum ConvolutionEndpoint: EndpointKind { package static let path = "/invertible-convolution" }

/// A command for each endpoint.
enum EndpointCommands {
    static let all: [any ParsableCommand.Type] = [
        EndpointCommand<InpaintEndpoint>.self, EndpointCommand<LikelihoodEndpoint>.self,
        EndpointCommand<EncodeEndpoint>.self, EndpointCommand<DecodeEndpoint>.self,
        EndpointCommand<SampleEndpoint>.self, EndpointCommand<ModelsEndpoint>.self,
        EndpointCommand<ModelEndpoint>.self,
        EndpointCommand<RuinEndpoint>.self, EndpointCommand<MergeEndpoint>.self,
        EndpointCommand<ProbabilityEndpoint>.self, EndpointCommand<ProbabilityMergeEndpoint>.self,
        EndpointCommand<GradientsEndpoint>.self,
        EndpointCommand<EvidenceEndpoint>.self,
        EndpointCommand<ProjectEndpoint>.self, EndpointCommand<MaximizeEndpoint>.self,
        EndpointCommand<ConvolutionEndpoint>.self,
    ]
}
