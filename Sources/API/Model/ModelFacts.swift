import Compute

/// What the declarations say of the models that are served; nothing where none is at hand.
package struct ModelFacts: Sendable {
    /// The size of the images, where it is the same for all models.
    let shape: ImageShape?
    /// What requests call them, the default first.
    let names: [String]

    package static let none = ModelFacts(shape: nil, names: [])

    /// The field that names one of them.
    var field: Property { ModelField(names: names).property }
}

extension ModelFacts {
    init(of registry: ModelRegistry) {
        let models = registry.all, shapes = Set(models.map { ImageShape(of: $0.model) })
        self.init(shape: shapes.count == 1 ? shapes.first : nil, names: models.map(\.name))
    }
}
