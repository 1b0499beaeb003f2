import API
import Testing

@Suite struct MediaTypeTests {
    private static let offered: [MediaType] = [.json, .csv, .svg, .png]

    @Test(arguments: [
        (nil, MediaType.json), ("", .json), ("*/*", .json), ("text/csv", .csv), ("image/*", .svg),
        ("image/png, image/*;q=0.5", .png), ("text/html, */*;q=0.1", .json), ("*/*;q=0.2, image/png", .png),
        ("application/json;q=0.5, text/csv;q=0.6", .csv), ("TEXT/CSV", .csv), ("text/csv;q=0, */*", .json),
        ("text/csv ; q=1.0 , application/json", .json), ("text/*", .csv),
    ] as [(String?, MediaType)])
    func theHighestQualityIsChosen(accept: String?, expected: MediaType) {
        #expect(MediaType.negotiated(accept, among: Self.offered) == expected)
    }

    @Test(arguments: ["text/html", "*/*;q=0", "application/json;q=0", "audio/midi, text/html;q=1", ";;,,"])
    func whatIsNotAcceptedIsNotSent(accept: String) {
        #expect(MediaType.negotiated(accept, among: Self.offered) == nil)
    }

    @Test(arguments: [
        ("application/json", MediaType.json), ("application/json; charset=utf-8", .json), ("Text/JSON", .json),
        ("application/jsonl", .ndjson), ("application/x-ndjson", .ndjson), (" image/png ", .png),
    ])
    func typesHaveSeveralSpellings(field: String, type: MediaType) {
        #expect(MediaType(contentType: field) == type)
    }

    @Test(arguments: ["", "json", "application/xml", "image/png, image/gif", "multipart/form-data; boundary=x"])
    func othersAreNone(field: String) { #expect(MediaType(contentType: field) == nil) }
}
