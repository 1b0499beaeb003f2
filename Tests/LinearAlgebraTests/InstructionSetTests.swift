import LinearAlgebra
import Testing

@Suite struct InstructionSetTests {
    @Test func availableNamesPass() throws {
        try InstructionSet.check(nil)
        for set in InstructionSet.allCases where set.isAvailable { try InstructionSet.check(set.rawValue) }
        #expect(InstructionSet.selected.isAvailable)
    }

    @Test(arguments: ["", "sse", "AVX2", " plain", "none", String(repeating: "x", count: 1000)])
    func unknownNamesAreErrorsThatListWhatIsAvailable(name: String) {
        let error = #expect(throws: InstructionSetError.self) { try InstructionSet.check(name) }
        let text = error.map { "\($0)" } ?? ""
        #expect(text.contains("is not an instruction set") && text.contains("plain"))
        #expect(text.utf8.count < 250 && !text.contains("\n"))
    }

    @Test func instructionSetsOfOtherMachinesAreErrors() {
        for set in InstructionSet.allCases where !set.isAvailable {
            let error = #expect(throws: InstructionSetError.self) { try InstructionSet.check(set.rawValue) }
            #expect(error.map { "\($0)" }?.contains("this machine does not have") == true)
        }
    }
}
