import Compute
import Fixtures

/// Small models of all kinds but NICE, which an `APIClient` has as its default.
package enum SmallModels {
    /// A flow of whole images and a model of missing pixels.
    package static func flows() throws -> [ServedModel] {
        try [("flow", false), ("hole", true)].map { name, isConditional in
            let model = try SmallConvolutionalModel(
                isConditional: isConditional, metadata: ["test_log_likelihood": "12.5"]
            ).withFile { try LoadedModel(contentsOf: $0, named: name, precision: .float16) }
            return ServedModel(name, model, purpose: "For \(name)s.")
        }
    }

    /// A prior of patches of 4 × 4 pixels with random weights, whose ascents are short.
    package static func photographs() throws -> ServedModel {
        let small = SmallConvolutionalModel(ofPatches: [
            "name": "small patches", "ascent_iterations": "6", "ascent_stride": "2",
        ])
        let model = try small.withFile { try LoadedModel(contentsOf: $0, precision: .float16) }
        return ServedModel("photographs", model)
    }
}
