import CKernels
import Glibc
import Testing

@Suite struct InstructionSetTests {
    @Test func theSelectedSetIsAvailable() {
        #expect(ck_available(CK_PLAIN))
        #expect(ck_available(ck_selected()))
    }

    @Test func setsHaveNames() {
        for (name, expected) in [("plain", CK_PLAIN), ("avx2", CK_AVX2), ("avx512", CK_AVX512), ("neon", CK_NEON)] {
            var set = CK_PLAIN
            #expect(ck_instruction_set_named(name, &set) && set == expected)
        }
        for name in ["", "sse", "AVX2", "avx", "avx2 ", "plain\u{0301}"] {
            var set = CK_NEON
            #expect(!ck_instruction_set_named(name, &set) && set == CK_NEON)
        }
    }

    /// Run the tests with RIVIERA_KERNELS=plain to see the other side of it.
    @Test func theEnvironmentNamesTheSet() {
        var named = CK_PLAIN
        let isNamed = getenv("RIVIERA_KERNELS").map { ck_instruction_set_named($0, &named) } ?? false
        let widest = [CK_AVX512, CK_AVX2, CK_NEON, CK_PLAIN].first(where: ck_available)
        #expect(ck_selected() == (isNamed && ck_available(named) ? named : widest))
    }
}
