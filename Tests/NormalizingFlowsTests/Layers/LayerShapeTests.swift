import NormalizingFlows
import Testing

@Suite struct LayerShapeTests {
    @Test func eachLayerRefusesAnotherNumberOfChannels() throws {
        for law in try everyLayer() where law.name != "empty flow" && !law.name.hasPrefix("squeeze") {
            let wrong = TensorShape(
                batch: 1, channels: law.shape.channels + 1, rows: law.shape.rows,
                columns: law.shape.columns)
            #expect(throws: LayerError.self, "\(law.name)") { try law.layer.outputShape(for: wrong) }
        }
    }

    @Test func aDiagonalScalingNamesWhatIsWrong() throws {
        let shape = TensorShape(channels: 2, rows: 1, columns: 2)
        #expect(throws: LayerError("log_factors", reason: "must have 4 numbers, not 3")) {
            try DiagonalScaling(shape, logFactors: [1, 2, 3])
        }
        #expect(throws: LayerError("log_factors", "1", reason: "must be a finite number")) {
            try DiagonalScaling(shape, logFactors: [1, .nan, 3, 4])
        }
    }

    @Test func aPartitionCoversEachChannelOnce() {
        for channels in 2..<7 {
            for part in [ChannelPartition.Part.first, .second] {
                for partition in [
                    ChannelPartition.halves(of: channels, transforming: part),
                    .interleaved(channels, transforming: part),
                ] {
                    #expect((partition.kept + partition.transformed).sorted() == Array(0..<channels))
                    #expect(partition.kept.count >= 1 && partition.transformed.count >= 1)
                }
            }
        }
        #expect(ChannelPartition.halves(of: 4).transformed == [2, 3])
        #expect(ChannelPartition.interleaved(4, transforming: .first).transformed == [0, 2])
    }
}
