import Riviera
import Testing

@Suite struct TimestampTests {
    /// Worked out by `date -u --date=@SECONDS`.
    @Test(arguments: [
        (0, 0, "1970-01-01T00:00:00.000Z"), (951_782_399, 7, "2000-02-28T23:59:59.007Z"),
        (951_782_400, 999, "2000-02-29T00:00:00.999Z"), (4_102_444_800, 50, "2100-01-01T00:00:00.050Z"),
    ])
    func momentsAreWrittenAsRFC3339(seconds: Int, milliseconds: Int, text: String) {
        #expect(Timestamp(seconds: seconds, milliseconds: milliseconds).description == text)
    }
}
