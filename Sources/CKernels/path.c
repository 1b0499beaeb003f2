#include "path.h"
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

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

static ck_path choose(void) {
    static const struct {
        const char *name;
        ck_path path;
    } named[] = {
        {"plain", CK_PLAIN}, {"avx2", CK_AVX2}, {"avx512", CK_AVX512}, {"neon", CK_NEON}};
    const char *asked = getenv("RIVIERA_KERNELS");
    for (size_t i = 0; asked && i < sizeof named / sizeof *named; i++) {
        if (strcmp(asked, named[i].name) == 0 && ck_available(named[i].path)) return named[i].path;
    }
    if (ck_available(CK_AVX512)) return CK_AVX512;
    if (ck_available(CK_AVX2)) return CK_AVX2;
    if (ck_available(CK_NEON)) return CK_NEON;
    return CK_PLAIN;
}

ck_path ck_best(void) {
    // Two threads that come first at once both find the same answer.
    static _Atomic int known = -1;
    int path = atomic_load_explicit(&known, memory_order_relaxed);
    if (path < 0) {
        path = (int)choose();
        atomic_store_explicit(&known, path, memory_order_relaxed);
    }
    return (ck_path)path;
}
