import API
import Foundation
import Testing

/// The tables in the documentation are those of the declarations.
///
/// With RIVIERA_WRITE_TABLES=1 the test writes them instead of comparing.
@Suite struct DeclarationTablesTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
    private static let tables = DeclarationTables(Declaration.standard)

    @Test(arguments: [("README.md", tables.overview), ("Sources/API/API.docc/Endpoints.md", tables.details)])
    func theDocumentationHoldsTheTables(path: String, table: String) throws {
        let file = Self.root.appending(path: path)
        let text = try String(contentsOf: file, encoding: .utf8)
        let begin = "<!-- made from the declarations -->\n", end = "\n<!-- end -->"
        let start = try #require(text.range(of: begin)), stop = try #require(text.range(of: end))
        if ProcessInfo.processInfo.environment["RIVIERA_WRITE_TABLES"] != nil {
            let written = text[..<start.upperBound] + table + text[stop.lowerBound...]
            return try written.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(
            text[start.upperBound..<stop.lowerBound] == table,
            "\(path) is out of date: RIVIERA_WRITE_TABLES=1 swift test --filter DeclarationTablesTests")
    }
}
