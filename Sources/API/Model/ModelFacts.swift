import Compute

/// What the declarations say of the models that are served; nothing where none is at hand.
package struct ModelFacts: Sendable {
    /// The size of the images, where it is the same for all models of images.
    let shape: ImageShape?
    /// What requests call them, the default first.
    let names: [String]
    /// Whether one of them fills photographs.
    let takesPhotographs: Bool

    package static let none = ModelFacts(shape: nil, names: [], takesPhotographs: true)

    /// The field that names one of them.
    var field: Property { ModelField(names: names).property }
}

extension ModelFacts {
    init(of registry: ModelRegistry) {
        let models = registry.all, ofImages = models.filter { !$0.model.isOfPatches }
        let shapes = Set(ofImages.map { ImageShape(of: $0.model) })
        self.init(
            shape: shapes.count == 1 ? shapes.first : nil, names: models.map(\.name),
            takesPhotographs: ofImages.count < models.count)
    }
}
