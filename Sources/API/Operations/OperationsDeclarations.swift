extension Declaration {
    /// What is answered at once, by who asks for it: not endpoints of the router, but part of the document.
    static let pages: [Declaration] = [page, live, ready, metrics]

    private static func page(
        _ path: String, _ id: String, _ summary: String, _ details: String, query: [Property] = [], answer: Answer
    ) -> Declaration {
        Declaration(
            path, .operations, summary, [Operation(.get, id, details, query: query)], answer: answer,
            example: Example(path))
    }

    private static let page: Declaration = {
        let forms: [MediaType] = [.text, .html, .json]
        var declaration = page(
            "/", "index", "Index",
            "The page for browsers; otherwise every endpoint with a curl line, as text or as JSON.",
            query: [
                .field(
                    "format",
                    .words(
                        forms.compactMap(\.formatName),
                        "The form of the answer; it takes precedence over the Accept header."),
                    default: .string("text"))
            ],
            answer: Answer(
                "The page or the list.",
                [
                    Content(.text, .text("A line for each endpoint.")), Content(.html, .text("The page.")),
                    .json(.index),
                ]))
        declaration.problems = [.notAcceptable]
        return declaration
    }()

    private static let live = page(
        "/health/live", "live", "Is the process alive?", "Answered at once, however busy the server is.",
        answer: Answer("The process is alive.", [.json(health("live"))]))

    private static let ready: Declaration = {
        var declaration = page(
            "/health/ready", "ready", "Is it ready for work?",
            "200 once the model is loaded and warmed up; 503 while starting or shutting down.",
            answer: Answer("The server is ready for work.", [.json(health("ready"))]))
        declaration.problems = [.serviceUnavailable]
        return declaration
    }()

    private static let metrics = page(
        "/metrics", "metrics", "Metrics", "Counters and histograms in Prometheus' text format.",
        answer: Answer("The metrics.", [Content(.text, .text("Prometheus' text format 0.0.4."))]))

    private static func health(_ word: String) -> Schema {
        .object("The state of the server.", [.always("status", .words([word], "In one word."))])
    }
}

extension Schema {
    fileprivate static let index = object(
        "The endpoints.",
        [
            .always("openapi", text("Where all of it is described.")),
            .always(
                "endpoints",
                list(
                    of: object(
                        "An endpoint.",
                        [
                            .always("path", text("Its path.")), .always("methods", list(of: text(""), "Its methods.")),
                            .always("example", text("A line for a shell with curl.")),
                        ]), "In an order in which their examples work.")),
        ])
}
