import NormalizingFlows
import Testing

/// The rules about sizes and places.
@Suite struct SafeTensorsFileTests {
    private func entry(_ shape: String, _ first: String, _ last: String, _ type: String = "F32") -> String {
        #"{"dtype":"\#(type)","shape":[\#(shape)],"data_offsets":[\#(first),\#(last)]}"#
    }

    @Test func tensorsComeInTheOrderOfTheBuffer() throws {
        let header =
            #"{"c":\#(entry("2", "4", "8", "F16")),"empty":\#(entry("0,3", "4", "4")),"a":\#(entry("1", "0", "4")),"b":\#(entry("", "8", "10", "BF16"))}"#
        let checkpoint = try open(safeTensors(header, buffer: 10))
        #expect(checkpoint.tensors.map(\.name) == ["a", "empty", "c", "b"])
        #expect(checkpoint.tensors.map(\.shape) == [[1], [0, 3], [2], []])
        #expect(checkpoint.tensors.map(\.elementType) == [.float32, .float32, .float16, .bfloat16])
        #expect(checkpoint["c"]?.halves() == [0x0504, 0x0706])
        #expect(checkpoint["b"]?.floats() == [Float(bitPattern: 0x0908_0000)])
    }

    @Test func aFileWithoutTensorsIsRead() throws {
        #expect(try open(safeTensors("{}")).tensors.isEmpty)
    }

    @Test func theHeadersLengthIsNotTakenOnTrust() {
        #expect(
            refusal(safeTensors("{}", announced: 100_000_001))
                == "safetensors header: it is said to have 100000001 bytes; the format allows 100000000")
        #expect(refusal(safeTensors("{}", announced: .max))?.contains("the format allows") == true)
        #expect(
            refusal(safeTensors("{}", announced: 3))
                == "safetensors header: it is said to have 3 bytes, but the file has 10")
        #expect(refusal(safeTensors("{}", announced: 100_000_000))?.hasSuffix("but the file has 10") == true)
        #expect(refusal(safeTensors("{}", announced: 0))?.hasPrefix("safetensors header, byte 0") == true)
    }

    @Test func holesAndOverlapsAreRefused() {
        for (first, second) in [((0, 4), (5, 9)), ((0, 4), (3, 7)), ((1, 5), (5, 9)), ((0, 4), (0, 4))] {
            let header =
                #"{"a":\#(entry("1", "\(first.0)", "\(first.1)")),"b":\#(entry("1", "\(second.0)", "\(second.1)"))}"#
            #expect(
                refusal(safeTensors(header, buffer: 9))?.hasSuffix(
                    "tensors follow one another without holes or overlaps") == true)
        }
    }

    @Test func theTensorsTakeTheBufferExactly() {
        let header = #"{"a":\#(entry("1", "0", "4"))}"#
        #expect(refusal(safeTensors(header, buffer: 4)) == nil)
        #expect(
            refusal(safeTensors(header, buffer: 5)) == "safetensors buffer: it has 5 bytes, of which the tensors take 4"
        )
        #expect(
            refusal(safeTensors(header, buffer: 3))
                == "tensor \"a\": its data_offsets [0, 4] reach outside the buffer of 3 bytes")
        #expect(
            refusal(safeTensors(#"{"a":\#(entry("1", "0", "\(Int.max)"))}"#, buffer: 4))?.contains("reach outside")
                == true)
    }

    @Test func offsetsDoNotRunBackwards() {
        let header = #"{"a":\#(entry("1", "0", "4")),"b":\#(entry("1", "4", "0"))}"#
        #expect(refusal(safeTensors(header, buffer: 4))?.contains("reach outside the buffer") == true)
    }

    @Test func shapesHaveTheSizeOfTheirBytes() {
        for shape in [
            "2", "0", "1,2", "4611686018427387904,4", "4611686018427387905,4",
            "9223372036854775807,9223372036854775807",
        ] {
            #expect(
                refusal(safeTensors(#"{"a":\#(entry(shape, "0", "4"))}"#, buffer: 4))?.hasPrefix(
                    "tensor \"a\": 4 bytes for the shape [") == true)
        }
        #expect(refusal(safeTensors(#"{"a":\#(entry("0,4611686018427387904,4611686018427387904", "0", "0"))}"#)) == nil)
    }

    @Test(arguments: ["F64", "I64", "U8", "BOOL", "F8_E4M3", "", "f32"])
    func otherElementTypesAreRefusedByName(type: String) {
        #expect(
            refusal(safeTensors(#"{"a":\#(entry("1", "0", "4", type))}"#, buffer: 4))
                == "tensor \"a\": its dtype is \"\(type)\"; F32, F16 and BF16 are read")
    }
}
