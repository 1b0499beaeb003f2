import API
import APIFixtures
import HTTPTypes
import Testing

/// Images and masks as the parts of a form.
@Suite struct ImageFormTests {
    private struct Part {
        var name: String
        var bytes: [UInt8]
        var head = ""
    }

    private func picture(_ sample: (Int) -> Double, known: (Int) -> Bool = { _ in true }) throws -> [UInt8] {
        try PNG.encode(
            GrayscaleImage(
                size: PNG.Size(width: 4, height: 4), samples: (0..<16).map(sample), known: (0..<16).map(known)))
    }

    /// - Parameter client: a new one where it is nil
    private func send(
        _ target: String, _ parts: [Part], accept: String? = nil, to client: APIClient? = nil
    ) async throws -> APIClient.Reply {
        var body: [UInt8] = []
        for part in parts {
            body += Array("--xYz\r\nContent-Disposition: form-data; name=\"\(part.name)\"\(part.head)\r\n\r\n".utf8)
            body += part.bytes + [0x0D, 0x0A]
        }
        body += Array("--xYz--\r\n".utf8)
        return try await (client ?? APIClient()).send(
            .post, target, bytes: body, type: "multipart/form-data; boundary=xYz", accept: accept)
    }

    private func part(_ name: String, _ text: String, _ head: String = "") -> Part {
        Part(name: name, bytes: Array(text.utf8), head: head)
    }

    private let gray = { (index: Int) in Double(index) / 255 }

    @Test func aFormIsTheRequestThatItsPartsMakeUp() async throws {
        let hole: Set = [5, 6, 9]
        let rows = (0..<4).map { row in
            "["
                + (0..<4).map { hole.contains(row * 4 + $0) ? "null" : "\(Double(row * 4 + $0) / 255)" }.joined(
                    separator: ",") + "]"
        }
        let image = "[\(rows.joined(separator: ","))]"
        let client = try APIClient()
        let expected = try await client.send(.post, "/inpaint", "{\"image\":\(image),\"iterations\":7}")
        #expect(expected.status == 200)

        let whole = Part(
            name: "image", bytes: try picture(gray), head: "; filename=\"a;\\\"b.png\"\r\nContent-Type: image/png")
        let mask = Part(name: "mask", bytes: try picture { hole.contains($0) ? 1 : 0 }, head: "; filename=m.png")
        let transparent = Part(name: "image", bytes: try picture(gray, known: { !hole.contains($0) }))
        let flags = "[" + (0..<16).map { hole.contains($0) ? "0" : "1" }.joined(separator: ",") + "]"
        let json = part("image", image, "\r\nContent-Type: application/json")
        let forms: [(String, [Part])] = [
            ("?iterations=7", [whole, mask]), ("", [whole, mask, part("iterations", "7")]),
            ("", [part("iterations", "7"), mask, whole]), ("", [transparent, part("iterations", "7")]),
            ("", [json, part("iterations", "7", "\r\nContent-Type: text/plain")]),
            ("?iterations=7", [whole, part("mask", flags)]),
        ]
        for (query, parts) in forms {
            let reply = try await send("/inpaint\(query)", parts, to: client)
            #expect(reply.text == expected.text)
        }
    }

    /// White is missing, black is known, and mid-grey the border.
    @Test func theMasksLightPixelsAreMissing() async throws {
        let mask = Part(name: "mask", bytes: try picture { Double($0 == 0 ? 127 : $0 == 1 ? 128 : 0) / 255 })
        let reply = try await send("/inpaint?iterations=1", [Part(name: "image", bytes: try picture(gray)), mask])
        #expect(try reply.json()["missing_pixels"]?.double == 1)
        // Both the image's transparency and the mask's white.
        let image = Part(name: "image", bytes: try picture(gray, known: { $0 != 9 }))
        let both = try await send("/inpaint?iterations=1&rows=3:4", [image, mask])
        #expect(try both.json()["missing_pixels"]?.double == 6)
    }

    @Test func theTruthMayBeAPicture() async throws {
        let parts = [
            Part(name: "image", bytes: try picture(gray)), Part(name: "truth", bytes: try picture(gray)),
            part("rows", "0:1"),
            part("scale", "2"), part("strip", "true"), part("iterations", "2"),
        ]
        let reply = try await send("/inpaint", parts, accept: "image/png")
        #expect(reply.status == 200 && reply.headerFields[.contentType] == "image/png", "\(reply.text)")
    }

    @Test(arguments: ["/likelihood", "/encode"])
    func anImageAloneIsJudgedAndEncoded(path: String) async throws {
        let png = try picture(gray)
        let expected = try await APIClient().send(.post, path, bytes: png, type: "image/png")
        #expect(try await send(path, [Part(name: "image", bytes: png)]).text == expected.text)
        let mask = try await send(path, [Part(name: "image", bytes: png), Part(name: "mask", bytes: png)])
        #expect(mask.status == (path == "/likelihood" ? 422 : 400))
        #expect(try mask.json()["parameter"]?.text == "mask")
    }

    @Test func whatIsWrongNamesItsPart() async throws {
        let image = Part(name: "image", bytes: try picture(gray))
        let transparent = try picture(gray, known: { $0 != 3 })
        let cases: [(String, [Part], Int, String)] = [
            ("", [image, image], 400, "image"), ("", [image, part("maks", "x")], 400, "maks"),
            ("", [part("rows", "0:1")], 422, "image"), ("", [image], 422, "mask"),
            ("", [image, part("iterations", "0"), part("rows", "0:1")], 422, "iterations"),
            ("?iterations=3", [image, part("iterations", "3")], 400, "iterations"),
            ("", [image, Part(name: "mask", bytes: transparent)], 422, "mask"),
            ("", [image, Part(name: "truth", bytes: transparent), part("rows", "0:1")], 422, "truth"),
            (
                "",
                [
                    image,
                    Part(
                        name: "mask",
                        bytes: try PNG.encode(
                            GrayscaleImage(size: PNG.Size(width: 2, height: 2), samples: [0, 0, 0, 0]))),
                ], 422, "mask"
            ),
            ("", [image, Part(name: "mask", bytes: [0xFF, 0xD8, 0xFF])], 400, "mask"),
            ("", [image, Part(name: "mask", bytes: [1], head: "\r\nContent-Type: image/jpeg")], 415, "mask"),
            ("", [image, Part(name: "iterations", bytes: [0xFF]), part("rows", "0:1")], 400, "iterations"),
            ("", [image, Part(name: "maks", bytes: try picture(gray))], 400, "maks"),
            ("", [image, part("mask", "[", "\r\nContent-Transfer-Encoding: base64")], 400, "mask"),
        ]
        for (query, parts, status, name) in cases {
            let reply = try await send("/inpaint\(query)", parts)
            #expect(reply.status == status, "\(reply.text)")
            #expect(try reply.json()["parameter"]?.text == name, "\(reply.text)")
        }
        let pixel = try await send(
            "/inpaint",
            [
                part("image", "[" + (0..<16).map { $0 == 3 ? "2" : "0" }.joined(separator: ",") + "]"),
                part("rows", "2:3"),
            ])
        #expect(try pixel.json()["pointer"]?.text == "/image/3")
        let json = try await send("/inpaint", [image, part("mask", "{")])
        #expect(json.status == 400)
        #expect(json.text.contains("The part “mask” is not JSON"))
    }

    @Test(arguments: [
        "multipart/form-data", "multipart/form-data; boundary", "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\"a",
        "multipart/form-data; boundary=\"a \"", "multipart/form-data; boundary=é",
    ])
    func aFormNeedsABoundary(type: String) async throws {
        let reply = try await APIClient().send(.post, "/inpaint", "x", type: type)
        #expect(reply.status == 400 && reply.text.contains("oundary"), "\(reply.text)")
    }

    @Test func aFormThatIsNoneIsRefused() async throws {
        for (body, part) in [
            ("", "breaks off"), ("--a\r\n\r\nx\r\n--a--", "Content-Disposition"),
            ("--a\r\nContent-Disposition: form-data; name=\"x", "breaks off"),
        ] {
            let reply = try await APIClient().send(
                .post, "/inpaint", bytes: Array(body.utf8), type: nil,
                fields: [.contentType: "multipart/form-data; boundary=a"])
            #expect(reply.status == 400 && reply.text.contains(part), "\(reply.text)")
        }
    }
}
