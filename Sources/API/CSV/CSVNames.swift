/// Names of a table's columns.
enum CSVNames {
    /// Variables as columns beside others: one that is called as another column is becomes `variable_NAME`.
    static func variables(_ variables: [String], beside others: [String]) -> [String] {
        var names = variables
        for index in names.indices where others.contains(where: names[index].isIdentical) {
            repeat {
                names[index] = "variable_\(names[index])"
            } while names.indices.contains {
                $0 != index && names[$0].isIdentical(to: names[index])
            }
        }
        return names
    }
}
