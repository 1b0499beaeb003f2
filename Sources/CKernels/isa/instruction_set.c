#include "instruction_set.h"
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

bool ck_available(ck_instruction_set set) {
    switch (set) {
    case CK_PLAIN: return true;
#if defined(__x86_64__)
    case CK_AVX2:
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
               __builtin_cpu_supports("f16c");
    case CK_AVX512:
        return ck_available(CK_AVX2) && __builtin_cpu_supports("avx512f") &&
               __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
               __builtin_cpu_supports("avx512vl");
#elif defined(__aarch64__)
    case CK_NEON: return true;
#endif
    default: return false;
    }
}

bool ck_instruction_set_named(const char *name, ck_instruction_set *set) {
    static const char *const names[] = {"plain", "avx2", "avx512", "neon"};
    for (int i = 0; i < 4; i++) {
        if (strcmp(name, names[i]) == 0) {
            *set = (ck_instruction_set)i;
            return true;
        }
    }
    return false;
}

static ck_instruction_set select_set(void) {
    const char *name = getenv("RIVIERA_KERNELS");
    ck_instruction_set named;
    if (name && ck_instruction_set_named(name, &named) && ck_available(named)) return named;
    if (ck_available(CK_AVX512)) return CK_AVX512;
    if (ck_available(CK_AVX2)) return CK_AVX2;
    if (ck_available(CK_NEON)) return CK_NEON;
    return CK_PLAIN;
}

ck_instruction_set ck_selected(void) {
    // Two threads that come first at once both find the same answer.
    static _Atomic int known = -1;
    int set = atomic_load_explicit(&known, memory_order_relaxed);
    if (set < 0) {
        set = (int)select_set();
        atomic_store_explicit(&known, set, memory_order_relaxed);
    }
    return (ck_instruction_set)set;
}
