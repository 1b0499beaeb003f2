// What several endpoints speak of.
extension Schema {
    /// RFC 9457, and what is added to it.
    package static let problem = named(
        "Problem",
        object(
            "What went wrong (RFC 9457).",
            [
                .always("type", text("A URI of the kind of problem.").withStandard(.string("about:blank"))),
                .always("title", text("The status in words.")),
                .always("status", integer("The HTTP status.", from: 400, to: 599)),
                .always("detail", text("What is wrong and what to do, in a sentence or two.")),
                .sometimes("parameter", text("The query parameter at fault.")),
                .sometimes("pointer", text("A JSON Pointer (RFC 6901) to the field at fault.")),
                .always("request_id", text("Also in the header X-Request-ID.")),
                .sometimes(
                    "partial",
                    object(
                        "What had been reached when the deadline passed or the server shut down; null where that is nothing.",
                        [], ObjectForm(isOpen: true)
                    ).orNull),
                .sometimes("line", integer("The line at fault, of a body with one request a line.", from: 1)),
            ]))

    /// What repeats an answer to a POST.
    static let reproducingSeed = object(
        "Add this to the request to repeat the answer.", [.always("seed", .seed("The seed that was used."))])

    static let usedSeed = seed("The seed that was used.")
    static let reproducingURL = text("The relative URL that repeats this answer.")
}
