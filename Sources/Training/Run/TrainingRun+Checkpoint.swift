import NormalizingFlows

extension TrainingRun {
    /// Writes all that the run needs to go on: parameters, moments, averages and progress. The file appears whole or
    /// not at all.
    ///
    /// - Parameter identity: what else must be the same when the run is taken up again.
    /// - Throws: `CheckpointError` where it cannot be written.
    public func writeCheckpoint(to path: String, identity: [String: String]) throws(CheckpointError) {
        var metadata = options.metadata.merging(flow.metadata) { $1 }.merging(identity) { $1 }
        metadata.merge(progress.metadata) { $1 }
        var writer = try SafeTensorsWriter(
            path,
            tensors: arrays.flatMap { array in
                parameters.tensors.map {
                    SafeTensorsWriter.Description(
                        name: "\(array.name).\($0.name)", elementType: .float32, shape: [$0.rows, $0.columns])
                }
            }, metadata: metadata)
        for array in arrays {
            for tensor in parameters.tensors {
                var values: [Float] = []
                values.reserveCapacity(tensor.count)
                for row in 0..<tensor.rows {
                    values += UnsafeBufferPointer(
                        start: array.values + tensor.offset + row * tensor.stride, count: tensor.columns)
                }
                try writer.append(values)
            }
        }
        try writer.finish()
    }

    /// Takes the run up where a checkpoint left it.
    ///
    /// - Throws: `CheckpointError` for a file that is no checkpoint, `TrainingError` for one of a run with other
    ///   options, images or sizes.
    public func resume(from path: String, identity: [String: String]) throws {
        let checkpoint = try Checkpoint(contentsOf: path)
        let expected = options.metadata.merging(flow.metadata) { $1 }.merging(identity) { $1 }
        for (key, value) in expected.sorted(by: { $0.key < $1.key }) {
            guard let recorded = checkpoint.metadata[key] else {
                throw CheckpointError(
                    file: path, reason: "is no checkpoint of a training run: it has no \(quoted(key))")
            }
            guard recorded == value else {
                throw TrainingError.otherRun(
                    file: path,
                    reason: key == "images_sha256"
                        ? "it is of a run on other images, or on fewer or more of them (--limit, --crops)"
                        : "it is of a run with \(quoted(key)) \(quoted(recorded)), not \(quoted(value))")
            }
        }
        let found = try TrainingProgress(of: checkpoint)
        // A damaged file could count steps that an epoch does not have.
        guard found.step <= steps, found.images == min(found.step * options.batch, split.training.count) else {
            throw CheckpointError(
                file: path, place: "metadata \(quoted("progress_step"))",
                reason: "is damaged: an epoch of this run has \(steps) steps")
        }
        for array in arrays {
            for tensor in parameters.tensors {
                let name = "\(array.name).\(tensor.name)"
                guard let stored = checkpoint[name], stored.shape == [tensor.rows, tensor.columns] else {
                    throw CheckpointError(
                        file: path, place: "tensor \(quoted(name))", reason: "is missing or has another shape")
                }
                let values = stored.floats()
                values.withUnsafeBufferPointer { values in
                    guard let start = values.baseAddress else { return }
                    for row in 0..<tensor.rows {
                        (array.values + tensor.offset + row * tensor.stride).update(
                            from: start + row * tensor.columns, count: tensor.columns)
                    }
                }
            }
        }
        progress = found
    }

    private var arrays: [(name: String, values: UnsafeMutablePointer<Float>)] {
        [("weights", parameters.weights), ("first", parameters.first), ("second", parameters.second)]
            + (parameters.average.map { [("average", $0)] } ?? [])
    }
}

extension TrainingProgress {
    /// As a checkpoint has it. Numbers are written so that they read back as the same.
    fileprivate var metadata: [String: String] {
        [
            "progress_epoch": "\(epoch)", "progress_step": "\(step)", "progress_sum": "\(sum)",
            "progress_images": "\(images)",
            "progress_curve": curve.map { "\($0.epoch) \($0.training) \($0.validation.map { "\($0)" } ?? "-")" }
                .joined(separator: ";"),
        ]
    }

    fileprivate init(of checkpoint: Checkpoint) throws(CheckpointError) {
        func failure(_ key: String) -> CheckpointError {
            CheckpointError(
                file: checkpoint.file.path, place: "metadata \(quoted(key))",
                reason: "is missing or damaged: not a checkpoint of a training run")
        }
        func number<Value: LosslessStringConvertible & Comparable & ExpressibleByIntegerLiteral>(
            _ key: String, _ type: Value.Type, atLeast least: Value
        ) throws(CheckpointError) -> Value {
            guard let value = checkpoint.metadata[key].flatMap(Value.init), value >= least else { throw failure(key) }
            return value
        }
        epoch = try number("progress_epoch", Int.self, atLeast: 0)
        step = try number("progress_step", Int.self, atLeast: 0)
        images = try number("progress_images", Int.self, atLeast: 0)
        sum = try number("progress_sum", Double.self, atLeast: -.greatestFiniteMagnitude)
        let key = "progress_curve"
        guard let text = checkpoint.metadata[key] else { throw failure(key) }
        for entry in text.split(separator: ";") {
            let parts = entry.split(separator: " ")
            guard parts.count == 3, let epoch = Int(parts[0]), let training = Double(parts[1]) else {
                throw failure(key)
            }
            let validation = parts[2] == "-" ? nil : Double(parts[2])
            guard validation != nil || parts[2] == "-", epoch == curve.count + 1 else { throw failure(key) }
            curve.append(Point(epoch: epoch, training: training, validation: validation))
        }
        guard curve.count == epoch else { throw failure(key) }
    }
}
