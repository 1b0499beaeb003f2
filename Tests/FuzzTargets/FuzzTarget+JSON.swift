import API

extension FuzzTarget {
    /// A text is read in the same way at once and in pieces, and what was written reads back as the same.
    static func readJSON(_ bytes: [UInt8]) throws(Finding) {
        let whole = reading(bytes, step: .max)
        for step in [1, 13] {
            let pieces = reading(bytes, step: step)
            guard pieces.error == whole.error else {
                throw Finding(
                    "\(String(describing: pieces.error)) in pieces, \(String(describing: whole.error)) at once")
            }
            guard pieces.written == whole.written else { throw Finding("other values in pieces than at once") }
        }
        guard let written = whole.written else { return }
        let again = reading(written, step: .max)
        guard again.written == written else { throw Finding("what was written reads back as something else") }
    }

    private static func reading(_ bytes: [UInt8], step: Int) -> (written: [UInt8]?, error: JSONError?) {
        var reader = JSONReader(bytes)
        do throws(JSONError) {
            while true {
                if let node = try reader.advance(bytes: step) { return (JSONWriter.write(JSON(node), .line), nil) }
            }
        } catch {
            return (nil, error)
        }
    }

    static let texts: [[UInt8]] = [
        #"{"image":[[0,0.5,null],[1,-1e-3,2.5E+10]],"missing":{"rows":[5,12]},"step_size":"auto"}"#,
        #"["\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00é😀",true,false,null,[],{},0.1e1,-0,18446744073709551616]"#,
        "  [1 , 2]\r\n\t",
    ].map { Array($0.utf8) }
}
