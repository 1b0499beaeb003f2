// Arrays of numbers by their JSON Pointers, so that an error names the very element.
extension JSONNode {
    /// The numbers of an array at `pointer`.
    ///
    /// - Throws: `Problem` 422 that names what is not an array or not a number.
    func numberList(at pointer: String) throws -> [Double] {
        if let numbers { return numbers }
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

    /// The rows of an array of arrays of numbers at `pointer`; they may differ in length.
    ///
    /// - Throws: `Problem` 422, also for more than `most` rows, each of which takes memory of its own.
    func numberRows(at pointer: String, atMost most: Int) throws -> [[Double]] {
        let rows = try arrayElements(at: pointer, of: "rows"), count = count ?? 0
        guard count <= most else {
            throw Problem.invalid("At most \(most) rows are taken here, not \(count).", .pointer(pointer))
        }
        return try rows.enumerated().map { index, row in
            try row.numberList(at: "\(pointer)/\(index)")
        }
    }

    /// The elements of an array at `pointer`. An empty one has none.
    func arrayElements(at pointer: String, of what: String) throws -> Elements {
        guard let elements else {
            throw Problem.invalid("An array of \(what) is expected, not \(kind).", .pointer(pointer))
        }
        return elements
    }
}
