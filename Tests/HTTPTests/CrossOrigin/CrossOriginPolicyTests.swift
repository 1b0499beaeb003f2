import HTTP
import HTTPTypes
import Testing

@Suite struct CrossOriginPolicyTests {
    private func head(_ fields: HTTPFields, method: HTTPRequest.Method = .get) throws -> RequestHead {
        try Request(method: method, target: "/", headerFields: fields).head
    }

    private func marked(
        _ text: String, _ fields: HTTPFields, method: HTTPRequest.Method = .get, _ response: Response = Response()
    ) throws -> HTTPFields {
        let policy = try #require(CrossOriginPolicy(text))
        return policy.marked(response, for: try head(fields, method: method)).headerFields
    }

    @Test func aListedOriginIsNamedAndOthersAreNot() throws {
        let list = "https://a.example, http://localhost:3000"
        for origin in ["https://a.example", "http://localhost:3000", "https://A.example"] {
            let fields = try marked(list, [.origin: origin])
            #expect(fields[.accessControlAllowOrigin] == origin && fields[.vary] == "Origin")
            #expect(fields[.accessControlExposeHeaders]?.contains("X-Request-ID") == true)
        }
        for origin in [
            "https://b.example", "http://a.example", "https://a.example:8443", "http://localhost", "null", "x",
        ] {
            let fields = try marked(list, [.origin: origin])
            #expect(fields[.accessControlAllowOrigin] == nil && fields[.vary] == "Origin")
        }
        // A cache must not hand what was asked for without an origin to a page.
        #expect(try marked(list, [:])[.vary] == "Origin")
    }

    @Test func everyoneMayBeAllowed() throws {
        for fields: HTTPFields in [[:], [.origin: "https://a.example"], [.origin: "null"]] {
            let fields = try marked("*", fields)
            #expect(fields[.accessControlAllowOrigin] == "*" && fields[.vary] == nil)
        }
    }

    /// Every sandboxed frame sends it.
    @Test func nullIsNotAllowed() throws {
        for text in ["null", "NULL", "https://a, null"] { #expect(CrossOriginPolicy(text) == nil) }
        #expect(try marked("https://a", [.origin: "null"])[.accessControlAllowOrigin] == nil)
    }

    @Test func aPreflightRequestIsTold() throws {
        let fields = try marked(
            "https://a",
            [
                .origin: "https://a", .accessControlRequestMethod: "POST",
                .accessControlRequestHeaders: "content-type,x-y",
            ],
            method: .options, Response(status: .noContent, headerFields: [.allow: "POST, OPTIONS"]))
        #expect(fields[.accessControlAllowMethods] == "POST, OPTIONS")
        #expect(fields[.accessControlAllowHeaders] == "content-type,x-y")
        #expect(fields[.accessControlMaxAge] == "7200" && fields[.accessControlExposeHeaders] == nil)
        #expect(fields[.vary] == "Origin, Access-Control-Request-Headers")
        // Nobody else is.
        let other = try marked(
            "https://a", [.origin: "https://b", .accessControlRequestMethod: "POST"], method: .options,
            Response(status: .noContent, headerFields: [.allow: "POST, OPTIONS"]))
        #expect(other[.accessControlAllowMethods] == nil)
    }

    @Test func withoutAHeadOnlyEveryoneCanBeAllowed() throws {
        #expect(
            try #require(CrossOriginPolicy("*")).marked(Response(), for: nil).headerFields[.accessControlAllowOrigin]
                == "*")
        let some = try #require(CrossOriginPolicy("https://a")).marked(Response(), for: nil).headerFields
        #expect(some[.accessControlAllowOrigin] == nil && some[.vary] == "Origin")
    }

    @Test(arguments: [
        ("https://Example.ORG:443", "https://example.org"), ("http://a:80", "http://a"),
        ("http://a:443", "http://a:443"),
        ("HTTP://[::1]:8080", "http://[::1]:8080"), ("null", "null"), ("moz-extension://0a-b", "moz-extension://0a-b"),
    ])
    func originsAreSpelledAsBrowsersDo(text: String, spelled: String) {
        #expect(WebOrigin(text)?.text == spelled)
    }

    @Test(arguments: [
        "", "a", "a.example", "https:", "https://", "https://a/", "https://a/b", "https://a?b", "https://a b", "://a",
        "1://a",
        "https://a:", "https://a:x", "https://a:99999999", "https://a:65536", "https://user@a", "http://:80",
        "https//a", "*", "https://é", "https://a,",
    ])
    func whatIsNoOriginIsRefused(text: String) {
        #expect(WebOrigin(text) == nil)
    }

    @Test(arguments: ["", ",", "a", "*,https://a", "https://a,,https://b", "https://a https://b"])
    func whatIsNoListIsRefused(text: String) {
        #expect(CrossOriginPolicy(text) == nil)
    }
}
