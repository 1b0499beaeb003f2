import API
import Compute
import Glibc
import NormalizingFlows
import Streams
import Training

/// Images to learn from: an IDX file, gzipped or not, or a folder of PNGs, with those of the folders in it.
package enum TrainingImages {
    /// Pixels of all images together.
    private static let mostPixels = 1 << 30
    /// Folders in a folder are read to this depth.
    private static let deepest = 8

    /// - Parameter limit: how many images, the first ones; all where it is nil.
    /// - Throws: `CheckpointError` or `FileError`, one line that names the file.
    package static func read(_ path: String, limit: Int?) throws -> ImageSet {
        var status = stat()
        guard !path.isEmpty, stat(path, &status) == 0 else { throw FileError(path, "cannot be opened", errno) }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            let file = try IDXImages(contentsOf: path)
            let (rows, columns) = (file.rows, file.columns)
            return ImageSet(rows: rows, columns: columns, bytes: try file.bytes(ofFirst: limit))
        }
        let names = try pictures(in: path), first = names[0]
        var size: PNG.Size?
        var bytes: [UInt8] = []
        for name in names.prefix(limit ?? .max) {
            let image = try picture(name)
            guard size == nil || size == image.size else {
                throw FileError(
                    name,
                    "has \(image.size) pixels, but \(first) has \(size?.description ?? ""): "
                        + "all must have the same")
            }
            size = image.size
            guard image.size.pixels <= mostPixels - bytes.count else {
                throw FileError(path, "has more than \(mostPixels) pixels in all: read fewer by --limit")
            }
            bytes += image.samples.map { UInt8((min(max($0, 0), 1) * 255).rounded()) }
        }
        return ImageSet(rows: size?.height ?? 1, columns: size?.width ?? 1, bytes: bytes)
    }

    /// The SHA-256 of the sizes and the bytes.
    static func digest(of images: ImageSet) -> String {
        SHA256.hexadecimal(of: Array("\(images.count) \(images.rows) \(images.columns)\n".utf8) + images.bytes)
    }

    private static func picture(_ path: String) throws(FileError) -> GrayscaleImage {
        let image: GrayscaleImage
        do {
            image = try PNG.decode(
                try readFile(path, atMost: 1 << 26), atMost: PNG.Size(width: 4096, height: 4096))
        } catch let error as FileError {
            throw error
        } catch {
            throw FileError(path, "\(error)")
        }
        guard image.known.allSatisfy({ $0 }) else {
            throw FileError(path, "has transparent pixels, which are missing: training needs whole images")
        }
        return image
    }

    /// Files of a folder, and of those in it, whose names end in .png, in order; at least one.
    static func pictures(in folder: String) throws(FileError) -> [String] {
        let names = try pictures(in: folder, deepest: deepest).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        guard !names.isEmpty else { throw FileError(folder, "has no file whose name ends in .png") }
        return names
    }

    private static func pictures(in folder: String, deepest: Int) throws(FileError) -> [String] {
        guard let listing = opendir(folder) else { throw FileError(folder, "cannot be opened", errno) }
        defer { closedir(listing) }
        var names: [String] = []
        while let entry = readdir(listing) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard !name.hasPrefix(".") else { continue }
            let path = "\(folder)/\(name)"
            var status = stat()
            guard stat(path, &status) == 0 else { throw FileError(path, "cannot be read", errno) }
            if status.st_mode & S_IFMT == S_IFDIR {
                if deepest > 0 { names += try pictures(in: path, deepest: deepest - 1) }
            } else if name.lowercased().hasSuffix(".png") {
                names.append(path)
            }
        }
        return names
    }
}
