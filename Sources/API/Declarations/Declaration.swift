import HTTPTypes

/// All that is said about an endpoint, once: where it is, what it takes and answers.
///
/// From it come the reading of requests, `/openapi.json`, the index, the command of the same name and its help,
/// and the tables of the README. An endpoint is a declaration and a handler.
package struct Declaration: Sendable {
    /// What one method does at the path.
    package struct Operation: Sendable {
        package let method: HTTPRequest.Method
        /// `operationId`: unique in the document.
        package let id: String
        package var details: String
        package var query: [Property] = []
        /// The forms that a body may have; empty where there is none.
        package var body: [Content] = []

        package init(
            _ method: HTTPRequest.Method, _ id: String, _ details: String, query: [Property] = [], body: [Content] = []
        ) {
            self.method = method
            self.id = id
            self.details = details
            self.query = query
            self.body = body
        }

        /// The members of a JSON object as the body: the first one where there are several forms.
        package var members: [Property] {
            body.first { $0.type == .json }.flatMap { $0.schema.object } ?? []
        }
    }

    package let path: String
    package let tag: Tag
    /// A few words, for lists.
    package let summary: String
    package let operations: [Operation]
    /// What a reply with status 200 is.
    package let answer: Answer
    /// Further statuses of errors than those that any such endpoint has.
    package var problems: [HTTPResponse.Status] = []
    /// A request that shows it.
    package let example: Example
    /// Whether what is done here beside waiting takes a fraction of a millisecond, however the
    /// request is worded.
    package var isBrief = false
    /// What its command is called; nil for the last part of the path.
    package var command: String?
    /// What a command needs besides, and which settings it takes.
    package var needs = Needs()

    package init(
        _ path: String, _ tag: Tag, _ summary: String, _ operations: [Operation], answer: Answer, example: Example
    ) {
        self.path = path
        self.tag = tag
        self.summary = summary
        self.operations = operations
        self.answer = answer
        self.example = example
    }

    package struct Answer: Sendable {
        package let sentence: String
        package let contents: [Content]

        package init(_ sentence: String, _ contents: [Content]) {
            self.sentence = sentence
            self.contents = contents
        }
    }

    package struct Needs: Sendable {
        /// The loaded model.
        package var model = false
        /// Sections of the settings that bound what may be asked.
        package var settings: [String] = []
        /// The member of the body that a command reads from the file that is its first argument.
        package var input: String?
    }

    package enum Tag: String, Sendable, CaseIterable {
        case images = "Images"
        case rareEvents = "Rare events"
        case gradients = "Gradients"
        case convexSets = "Convex sets"
        case operations = "Operations"

        var sentence: String {
            switch self {
            case .images: "Normalizing flows on images."
            case .rareEvents: "Probabilities too small for naive simulation."
            case .gradients: "Gradients of expectations, estimated."
            case .convexSets: "Projections and constrained maxima."
            case .operations: "Health, metrics, and the description of all this."
            }
        }
    }
}

/// A body in one form.
package struct Content: Sendable {
    package let type: MediaType
    package let schema: Schema
    package var example: JSON?
    /// What each line is, where the body is one JSON value a line.
    package var line: Schema?
    /// Whether the lines tell how far one answer is, the last of them being that answer.
    package var isProgress = false

    package init(_ type: MediaType, _ schema: Schema, example: JSON? = nil) {
        self.type = type
        self.schema = schema
        self.example = example
    }

    package static func json(_ schema: Schema, example: JSON? = nil) -> Content {
        Content(.json, schema, example: example)
    }

    /// A line for each of several values.
    package static func lines(_ line: Schema, _ sentence: String) -> Content {
        var content = Content(.ndjson, .text(sentence))
        content.line = line
        return content
    }

    /// Progress while the work runs, then the object that JSON would have returned.
    package static func progress(_ state: Schema, then result: Schema) -> Content {
        var content = lines(
            .anyOf([state, result, .problem]),
            "One JSON object a line: progress at fixed amounts of work, then the object that JSON would have returned, "
                + "or a problem.")
        content.isProgress = true
        return content
    }

    /// One answer a line to a body with one request a line.
    package static func answers(_ report: Schema) -> Content {
        lines(
            .anyOf([report, .problem]), "One answer a line, in the order of the requests, or a problem with its line.")
    }

    package static let png = Content(.png, .text("A PNG."))
    /// A form whose parts of these names are pictures, or JSON, the first of them required, and whose other parts
    /// are options as a query has them.
    package static func form(_ pictures: [String], _ options: [Property] = []) -> Content {
        let parts = pictures.map { Property($0, .anything("A PNG, or JSON."), isRequired: $0 == pictures.first) }
        return Content(.form, .object("Parts with images and options.", parts + options))
    }
    package static let svg = Content(.svg, .text("An SVG drawing."))
    package static func csv(_ sentence: String) -> Content { Content(.csv, .text(sentence)) }
}

extension Schema {
    /// The members of an object; of the first one where there are several forms.
    var object: [Property]? {
        switch kind {
        case .object(let properties, _): properties
        case .anyOf(let schemas): schemas.lazy.compactMap(\.object).first
        case .named(_, let schema): schema.object
        default: nil
        }
    }
}
