#include "path.h"

bool ck_available(ck_path path) {
    switch (path) {
    case CK_PLAIN:
        return true;
#if defined(__x86_64__)
    case CK_AVX2:
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
               __builtin_cpu_supports("f16c");
    case CK_AVX512:
        return ck_available(CK_AVX2) && __builtin_cpu_supports("avx512f") &&
               __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
               __builtin_cpu_supports("avx512vl");
#elif defined(__aarch64__)
    case CK_NEON:
        return true;
#endif
    default:
        return false;
    }
}

ck_path ck_best(void) {
    if (ck_available(CK_AVX512)) return CK_AVX512;
    if (ck_available(CK_AVX2)) return CK_AVX2;
    if (ck_available(CK_NEON)) return CK_NEON;
    return CK_PLAIN;
}
