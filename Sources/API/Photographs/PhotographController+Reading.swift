import Compute
import HTTP
import NormalizingFlows

extension PhotographController {
    /// From a picture, whose transparent pixels are missing; the options are query parameters.
    func read(png bytes: [UInt8], query: inout Fields, _ call: Call) async throws -> PhotographRequest {
        var request = PhotographRequest(try await photograph(bytes, part: nil, call))
        try clear(&request, from: &query)
        try request.readOptions(from: &query)
        try query.finish()
        try request.check(hole: .parameter("rows"), truth: .parameter("truth"))
        return request
    }

    /// From a request object, or from a bare array, with options in the query.
    ///
    /// - Parameter isWhole: whether the JSON is the photograph alone.
    func read(json: JSONNode, fields: inout Fields, isWhole: Bool) throws -> PhotographRequest {
        let reader = PhotographJSON(limit: configuration.maximumPhotographPixels)
        var request: PhotographRequest
        if isWhole {
            request = PhotographRequest(try reader.read(json, "image", at: ""))
        } else {
            guard let image = try fields.json("image") else {
                throw fields.missing("image", "rows of numbers, or of pixels of three numbers")
            }
            request = PhotographRequest(try reader.read(image, "image", at: "/image"))
            if let mask = try fields.json("mask") {
                let known = try reader.mask(mask, "mask", at: "/mask", size: request.photograph.size)
                try request.photograph.add(known) { "/image/\($0)/\($1)" }
            }
            if let boxes = try fields.json("missing") {
                try MissingBoxes(shape: request.photograph.shape).read(
                    boxes, at: "/missing", into: &request.photograph.known)
            }
            request.truth = try fields.json("truth").map { try reader.read($0, "truth", at: "/truth") }
        }
        try clear(&request, from: &fields, isObject: !isWhole)
        try request.readOptions(from: &fields)
        try fields.finish()
        try request.check(hole: isWhole ? .parameter("rows") : .pointer("/missing"), truth: .pointer("/truth"))
        return request
    }

    /// From a form with an image, perhaps a mask in which white is missing, perhaps the truth.
    func read(form: inout ImageForm, _ call: Call) async throws -> PhotographRequest {
        guard let photograph = try await photograph("image", of: form, call) else {
            throw form.options.missing("image", "a PNG or JSON")
        }
        var request = PhotographRequest(photograph)
        if let bytes = form.picture("mask") {
            let mask = try await mask(bytes, size: photograph.size, call)
            request.photograph.known = zip(photograph.known, mask).map { $0 && $1 }
        } else if let json = form.json("mask") {
            let reader = PhotographJSON(limit: configuration.maximumPhotographPixels)
            try request.photograph.add(
                try reader.mask(json, "mask", at: "/mask", size: photograph.size)
            ) { "/image/\($0)/\($1)" }
        }
        request.truth = try await self.photograph("truth", of: form, call)
        try clear(&request, from: &form.options)
        try request.readOptions(from: &form.options)
        try form.options.finish()
        try request.check(hole: form.options.culprit("mask"), truth: .parameter("truth"))
        return request
    }

    /// - Parameter isObject: whether the fields are those of a JSON object, which has no ranges of its own.
    private func clear(_ request: inout PhotographRequest, from fields: inout Fields, isObject: Bool = false) throws {
        if isObject, !fields.isInQuery("rows"), !fields.isInQuery("columns") { return }
        try MissingBoxes(shape: request.photograph.shape).read(from: &fields)?.clear(&request.photograph.known)
    }

    private func photograph(_ name: String, of form: ImageForm, _ call: Call) async throws -> SentPhotograph? {
        if let bytes = form.picture(name) { return try await photograph(bytes, part: name, call) }
        let reader = PhotographJSON(limit: configuration.maximumPhotographPixels)
        return try form.json(name).map { try reader.read($0, name, at: "/\(name)") }
    }

    /// Reads a PNG, on a compute thread.
    ///
    /// - Parameter part: the form's part that holds it; nil where it is the body.
    /// - Throws: `Problem`, 400 for bytes that are no whole PNG, 422 for one that is not taken.
    private func photograph(_ bytes: [UInt8], part: String?, _ call: Call) async throws -> SentPhotograph {
        let most = configuration.maximumPhotographPixels
        do {
            // What is compressed a thousandfold takes as much memory as its pixels: they are looked up first.
            let size = try PNG.size(of: bytes)
            guard size.isSupported, size.pixels <= most else { throw PNGError.tooManyPixels(size, limit: most) }
            // What is left of it counts as part of the work.
            try call.request.memory.reserve(size.pixels * 24)
            defer { call.request.memory.release(size.pixels * 24) }
            return try await compute.perform(in: call.context()) { _ in
                SentPhotograph(try PNG.decodePhotograph(bytes, atMost: most))
            }.value
        } catch let error as PNGError {
            throw Problem(error, inPart: part)
        }
    }

    /// Which pixels a mask leaves known: those darker than mid-grey.
    private func mask(_ bytes: [UInt8], size: PNG.Size, _ call: Call) async throws -> [Bool] {
        do {
            guard try PNG.size(of: bytes) == size else {
                throw PNGError.wrongSize(try PNG.size(of: bytes), expected: size)
            }
            try call.request.memory.reserve(size.pixels * 24)
            defer { call.request.memory.release(size.pixels * 24) }
            return try await compute.perform(in: call.context()) { _ in
                let picture = try PNG.decode(bytes, expecting: size)
                guard picture.known.allSatisfy({ $0 }) else {
                    throw Problem.invalid(
                        "The part “mask” has transparent pixels: paint what is missing white, and the rest black.",
                        .parameter("mask"))
                }
                return picture.samples.map { $0 < 0.5 }
            }.value
        } catch let error as PNGError {
            throw Problem(error, inPart: "mask")
        }
    }
}

extension SentPhotograph {
    var shape: ImageShape { ImageShape(rows: size.height, columns: size.width) }

    /// Takes a mask's word for what is known.
    ///
    /// - Parameter pointer: to a pixel by its row and column.
    /// - Throws: `Problem` 422 where the mask calls a pixel known that is not there.
    fileprivate mutating func add(_ mask: [Bool], pointer: (Int, Int) -> String) throws {
        if let pixel = mask.indices.first(where: { mask[$0] && !known[$0] }) {
            throw Problem.invalid(
                "\(shape.pixel(pixel)) is null, which means missing, but “mask” says that it is known.",
                .pointer(pointer(pixel / size.width, pixel % size.width)))
        }
        known = mask
    }
}
