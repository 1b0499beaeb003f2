import CZlib
import Fixtures
import NormalizingFlows
import SeededRandom
import Testing

@Suite struct IDXImagesTests {
    let directory = TemporaryDirectory()

    private func idx(magic: [UInt8] = [0, 0, 8, 3], _ sizes: [UInt32], _ pixels: [UInt8]) -> [UInt8] {
        magic + sizes.flatMap { little($0.byteSwapped) } + pixels
    }

    private func gzip(_ bytes: [UInt8]) -> [UInt8] {
        var stream = z_stream()
        deflateInit2_(
            &stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        defer { deflateEnd(&stream) }
        var input = bytes
        let capacity = bytes.count + 1000
        return [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
            input.withUnsafeMutableBufferPointer { source in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(capacity)
                deflate(&stream, Z_FINISH)
            }
            count = capacity - Int(stream.avail_out)
        }
    }

    private func reason(_ bytes: [UInt8]) -> String? {
        do throws(CheckpointError) {
            _ = try IDXImages(contentsOf: directory.write(bytes)).mean()
            return nil
        } catch {
            return "\(error.place): \(error.reason)"
        }
    }

    @Test func plainAndCompressedFilesAreTheSame() throws {
        var generator = SplitMix64(seed: 5)
        let pixels = (0..<300 * 6 * 100).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let file = idx([300, 6, 100], pixels)
        for bytes in [file, gzip(file)] {
            let images = try IDXImages(contentsOf: directory.write(bytes))
            let sizes = [images.count, images.rows, images.columns]
            #expect(sizes == [300, 6, 100])
            let mean = try images.mean()
            #expect(
                mean
                    == (0..<600).map { pixel in
                        let sum = stride(from: pixel, to: pixels.count, by: 600).reduce(0) { $0 + Int(pixels[$1]) }
                        return Float(Double(sum) / (300 * 255))
                    })
        }
    }

    @Test func theMeanIsOfBytesOver255() throws {
        let mean = try IDXImages(
            contentsOf: directory.write(idx([3, 1, 4], [255, 0, 1, 7, 255, 0, 1, 8, 255, 0, 3, 9]))
        ).mean()
        #expect(mean == [1, 0, Float(5.0 / 765), Float(24.0 / 765)])
    }

    @Test func theFirstImagesAreReadWithoutTheOthers() throws {
        let pixels = (0..<12).map { UInt8($0) }
        for bytes in [idx([3, 2, 2], pixels), gzip(idx([3, 2, 2], pixels))] {
            let path = directory.write(bytes)
            #expect(try IDXImages(contentsOf: path).bytes() == pixels)
            #expect(try IDXImages(contentsOf: path).bytes(ofFirst: 2) == Array(pixels[..<8]))
            #expect(try IDXImages(contentsOf: path).bytes(ofFirst: 100) == pixels)
            #expect(try IDXImages(contentsOf: path).bytes(ofFirst: 0).isEmpty)
        }
        let short = directory.write(idx([3, 2, 2], Array(pixels[..<9])))
        #expect(try IDXImages(contentsOf: short).bytes(ofFirst: 2) == Array(pixels[..<8]))
        #expect(throws: CheckpointError.self) { try IDXImages(contentsOf: short).bytes() }
    }

    @Test func otherIDXFilesAreRefused() {
        #expect(
            reason(idx(magic: [0, 0, 8, 1], [4, 1, 1], [1, 2, 3, 4]))
                == "IDX header: its magic number is 0 0 8 1, where 0 0 8 3 (images of bytes) was expected")
        #expect(reason(idx(magic: [0, 0, 13, 3], [1, 1, 1], [0, 0, 0, 0]))?.contains("0 0 13 3") == true)
        #expect(reason([0, 0, 8, 3, 0]) == "IDX header: it ends after 5 of 16 bytes")
        #expect(reason([]) == "IDX header: it ends after 0 of 16 bytes")
    }

    @Test func sizesAreNotTakenOnTrust() {
        for sizes in [[0, 1, 1], [.max, .max, .max], [1 << 16, 1 << 16, 1], [2, 1 << 30, 1]] as [[UInt32]] {
            #expect(reason(idx(sizes, [1]))?.hasPrefix("IDX header: sizes [") == true)
        }
        #expect(
            reason(idx([1 << 10, 1 << 10, 1 << 10], [1, 2])) == "IDX pixels: they end after 2 of 1073741824 bytes")
        #expect(reason(idx([1, 1, 2], [1, 2, 3])) == "IDX pixels: more than the 2 bytes that the header says")
        #expect(reason(gzip(idx([1, 1, 2], [1, 2, 3]))) == "IDX pixels: more than the 2 bytes that the header says")
    }

    @Test func everyTruncationIsRefused() {
        let file = idx([2, 3, 5], (0..<30).map { $0 })
        for bytes in [file, gzip(file)] {
            for count in 0..<bytes.count { #expect(reason(Array(bytes[..<count])) != nil) }
            #expect(reason(bytes) == nil)
            #expect(reason(bytes + [0]) != nil)
        }
    }

    /// gzip has a checksum of its own: no flip of a bit can change a pixel unnoticed.
    @Test func noDamagedFileGivesOtherPixels() {
        // One image, whose mean is itself.
        let file = gzip(idx([1, 6, 5], (0..<30).map { $0 }))
        for place in file.indices {
            for bit in 0..<8 {
                var damaged = file
                damaged[place] ^= 1 << bit
                if let mean = try? IDXImages(contentsOf: directory.write(damaged)).mean() {
                    #expect(mean == (0..<30).map { Float(Double($0) / 255) })  // a flip in the header's date, say
                }
            }
        }
    }

    /// A megabyte of zeros in a kilobyte, of which the header mentions only a few.
    @Test func decompressionStopsWhereTheHeaderSays() {
        #expect(
            reason(gzip(idx([1, 1, 2], [UInt8](repeating: 0, count: 1 << 20))))
                == "IDX pixels: more than the 2 bytes that the header says")
    }

    /// The header alone is read until pixels are asked for, however many it claims.
    @Test func openingReadsTheHeaderAlone() throws {
        let images = try IDXImages(contentsOf: directory.write(idx([1 << 10, 1 << 10, 1 << 10], [])))
        let sizes = [images.count, images.rows, images.columns]
        #expect(sizes == [1 << 10, 1 << 10, 1 << 10])
    }

    /// Each header field at its bounds and beyond, plain and compressed.
    @Test func extremeSizesNeverCrash() {
        let extremes: [UInt32] = [0, 1, 2, 3, 255, 256, 65535, 65536, 1 << 30, 1 << 31 - 1, 1 << 31, .max - 1, .max]
        for place in 0..<3 {
            for extreme in extremes {
                var sizes: [UInt32] = [1, 2, 3]
                sizes[place] = extreme
                let isRight = UInt64(sizes[0]) * UInt64(sizes[1]) * UInt64(sizes[2]) == 6
                for bytes in [idx(sizes, [1, 2, 3, 4, 5, 6]), gzip(idx(sizes, [1, 2, 3, 4, 5, 6]))] {
                    #expect((reason(bytes) == nil) == isRight, "sizes \(sizes)")
                }
            }
        }
    }
}
