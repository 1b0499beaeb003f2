// Arrays of numbers by their JSON Pointers, so that an error names the very element.
extension JSON {
    /// The numbers of an array that stands at `pointer`.
    ///
    /// - Throws: `Problem` 422 that names what is no array or no number.
    func numberList(at pointer: String) throws -> [Double] {
        if case .numbers(let values) = self { return values }
        guard let elements else {
            throw Problem.invalid("An array of numbers is expected, not \(kind).", .pointer(pointer))
        }
        return try elements.enumerated().map { index, element in
            guard let number = element.double else {
                throw Problem.invalid(
                    "A number is expected, not \(element.kind).", .pointer("\(pointer)/\(index)"))
            }
            return number
        }
    }

    /// The rows of an array of arrays of numbers that stands at `pointer`; they may differ in length.
    func numberRows(at pointer: String) throws -> [[Double]] {
        try arrayElements(at: pointer, of: "rows").enumerated().map { index, row in
            try row.numberList(at: "\(pointer)/\(index)")
        }
    }

    /// The elements of an array that stands at `pointer`. An empty one has none.
    func arrayElements(at pointer: String, of what: String) throws -> [JSON] {
        guard let elements else {
            throw Problem.invalid("An array of \(what) is expected, not \(kind).", .pointer(pointer))
        }
        return elements
    }
}
