import API
import Testing

@Suite struct MediaTypeTests {
    private static let offered: [MediaType] = [.json, .csv, .svg, .png]

    @Test(
        arguments: [
            (nil, MediaType.json), ("", .json), ("*/*", .json), ("text/csv", .csv), ("image/*", .svg),
            ("image/png, image/*;q=0.5", .png), ("text/html, */*;q=0.1", .json), ("*/*;q=0.2, image/png", .png),
            ("application/json;q=0.5, text/csv;q=0.6", .csv), ("TEXT/CSV", .csv), ("text/csv;q=0, */*", .json),
            ("text/csv ; q=1.0 , application/json", .json), ("text/*", .csv),
        ] as [(String?, MediaType)])
    func theHighestQualityIsChosen(accept: String?, expected: MediaType) {
        #expect(MediaType.negotiated(accept, among: Self.offered) == expected)
    }

    /// What browsers of several years send. Links get JSON where there is no page, image tags a picture.
    @Test(arguments: [
        // Chrome, Firefox and Safari, following a link.
        (
            "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,"
                + "application/signed-exchange;v=b3;q=0.7", MediaType.json
        ),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8", .json),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", .json),
        (
            "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/png,image/svg+xml,*/*;q=0.8",
            .svg
        ),
        // Their image tags.
        ("image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8", .svg),
        ("image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5", .svg),
        ("image/avif,image/webp,*/*;q=0.8", .svg), ("image/avif,image/webp,*/*", .svg), ("image/webp,*/*", .svg),
        (
            "image/webp,image/avif,image/jxl,image/heic,image/heic-sequence,video/*;q=0.8,image/png,image/svg+xml,"
                + "image/*;q=0.8,*/*;q=0.5", .svg
        ),
        // fetch, scripts, style sheets.
        ("*/*", .json), ("text/css,*/*;q=0.1", .json), ("application/json, text/plain, */*", .json),
    ])
    func browsersGetWhatTheyCanShow(accept: String, expected: MediaType) {
        #expect(MediaType.negotiated(accept, among: Self.offered) == expected)
        // Where there is a page, links get that.
        let page = MediaType.negotiated(accept, among: [.text, .html, .json])
        #expect(accept.hasPrefix("text/html") ? page == .html : page != nil)
    }

    @Test(arguments: ["text/html", "*/*;q=0", "application/json;q=0", "audio/midi, text/html;q=1", ";;,,"])
    func whatIsNotAcceptedIsNotSent(accept: String) {
        #expect(MediaType.negotiated(accept, among: Self.offered) == nil)
    }

    @Test(arguments: [
        ("application/json", MediaType.json), ("application/json; charset=utf-8", .json), ("Text/JSON", .json),
        ("application/jsonl", .ndjson), ("application/x-ndjson", .ndjson), (" image/png ", .png),
        ("multipart/form-data; boundary=x", .form),
    ])
    func typesHaveSeveralSpellings(field: String, type: MediaType) {
        #expect(MediaType(contentType: field) == type)
    }

    @Test(arguments: ["", "json", "application/xml", "image/png, image/gif", "multipart/mixed; boundary=x"])
    func othersAreNone(field: String) { #expect(MediaType(contentType: field) == nil) }
}
