import ArgumentParser
import Glibc
import LinearAlgebra

/// A command that computes, and so does not begin where RIVIERA_KERNELS names no instruction set that
/// is available here. Help, and a probe of another process's health, begin in any case.
protocol ComputingCommand: ParsableCommand {}

extension ComputingCommand {
    /// - Throws: `InstructionSetError`, in one line.
    func checkKernels() throws(InstructionSetError) {
        try InstructionSet.check(getenv("RIVIERA_KERNELS").map { String(cString: $0) })
    }
}

extension BenchmarkConvolution: ComputingCommand {}
extension BenchmarkGradients: ComputingCommand {}
extension BenchmarkInpaint: ComputingCommand {}
extension BenchmarkPhotographs: ComputingCommand {}
extension BenchmarkProbability: ComputingCommand {}
extension BenchmarkRuin: ComputingCommand {}
extension BenchmarkTrain: ComputingCommand {}
extension Convert: ComputingCommand {}
extension Evaluate: ComputingCommand {}
extension Serve: ComputingCommand {}
extension Train: ComputingCommand {}
