import Benchmarks
import Testing

@Suite struct MarkdownTableTests {
    @Test func textIsSetToTheLeftAndNumbersToTheRight() {
        var table = MarkdownTable(columns: ["", "games/s"])
        table.append(["NumPy", "1.0"])
        table.append(["Riviera", "225"])
        #expect(
            table.description == """
                |         | games/s |
                |---------|--------:|
                | NumPy   |     1.0 |
                | Riviera |     225 |

                """)
    }
}
