import CKernels

extension BlockLaw {
    /// Plays on for gamblers first, first + 1, … of `seed`: see ck_ruin_walk. Returns true
    /// when all have stopped.
    package func walk(
        instructionSet: ck_instruction_set = ck_selected(), seed: UInt64, firstStream: UInt64, position: inout [Int64],
        left: inout [UInt64], blocks: inout [UInt64], budget: UInt64
    ) -> Bool {
        precondition(position.count == left.count && left.count == blocks.count)
        return withUnsafePointers { law in
            position.withUnsafeMutableBufferPointer { position in
                left.withUnsafeMutableBufferPointer { left in
                    blocks.withUnsafeMutableBufferPointer { blocks in
                        var law = law
                        return ck_ruin_walk(
                            instructionSet, &law, seed, firstStream, position.baseAddress, left.baseAddress,
                            blocks.baseAddress, position.count, budget)
                    }
                }
            }
        }
    }

    private func withUnsafePointers<Result>(_ body: (ck_ruin_law) -> Result) -> Result {
        table.withUnsafeBufferPointer { table in
            threshold.withUnsafeBufferPointer { threshold in
                amounts.withUnsafeBufferPointer { amounts in
                    body(ck_ruin_law(
                        table: table.baseAddress, threshold: threshold.baseAddress,
                        amounts: amounts.isEmpty ? nil : amounts.baseAddress,
                        columns: UInt32(columns), draw_bits: UInt32(drawBits),
                        mantissa: UInt32(BlockLaw.mantissa), base: base, span: span, rise: rise,
                        fall: fall, goal: goal, longest: Int64(longest)))
                }
            }
        }
    }

    /// Only makes random blocks, `blocks` for each of `gamblers`, as the walk would; returns
    /// a checksum.
    package static func drawOnly(
        instructionSet: ck_instruction_set = ck_selected(), seed: UInt64, gamblers: Int, blocks: Int
    ) -> UInt32 {
        ck_ruin_draws(instructionSet, seed, 0, gamblers, blocks)
    }
}
