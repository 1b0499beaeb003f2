import CKernels
import Glibc
import Testing

@Suite struct PathTests {
    @Test func theBestPathIsOneThisMachineCanRun() {
        #expect(ck_available(CK_PLAIN))
        #expect(ck_available(ck_best()))
    }

    /// Run the tests with RIVIERA_KERNELS=plain to see the other side of it.
    @Test func theEnvironmentNamesThePath() {
        let named = [("plain", CK_PLAIN), ("avx2", CK_AVX2), ("avx512", CK_AVX512), ("neon", CK_NEON)]
        let asked = getenv("RIVIERA_KERNELS").map { String(cString: $0) }
        let widest = [CK_AVX512, CK_AVX2, CK_NEON, CK_PLAIN].first(where: ck_available)
        let expected = named.first { $0.0 == asked && ck_available($0.1) }?.1 ?? widest
        #expect(ck_best() == expected)
    }
}
