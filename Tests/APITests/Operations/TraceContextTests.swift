import API
import Testing

@Suite struct TraceContextTests {
    private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736", span = "00f067aa0ba902b7"

    /// The example of W3C Trace Context, and what later versions may append.
    @Test(arguments: [
        "00-\(trace)-\(span)-01", "00-\(trace)-\(span)-ff", "01-\(trace)-\(span)-00", "fe-\(trace)-\(span)-00-more",
    ])
    func aTraceIsTaken(_ field: String) throws {
        let context = try #require(TraceContext(field))
        #expect(context.traceID == Self.trace)
        #expect(context.spanID == Self.span)
    }

    @Test(arguments: [
        "", "00", "00-\(trace)-\(span)", "00-\(trace)-\(span)-0", "00-\(trace)-\(span)-01-more",
        "00-\(trace)-\(span)-01 ", "ff-\(trace)-\(span)-01", "00-\(trace.uppercased())-\(span)-01",
        "00-\(trace)-0000000000000000-01", "00-00000000000000000000000000000000-\(span)-01", "0g-\(trace)-\(span)-01",
        "00_\(trace)-\(span)-01", "00-\(trace)-\(span)-01, 00-\(trace)-\(span)-01", "00-\(trace)x\(span)-01",
        "00-é\(trace.dropFirst(2))-\(span)-01",
    ])
    func whatIsNoTraceIsIgnored(_ field: String) {
        #expect(TraceContext(field) == nil)
    }
}
