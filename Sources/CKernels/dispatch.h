#ifndef CK_DISPATCH_H
#define CK_DISPATCH_H

#include "instruction_set.h"

/// Returns what the version of `f` for `isa` returns.
#if defined(__x86_64__)
#define DISPATCH(isa, f, ...)                          \
    switch (isa) {                                     \
    case CK_AVX512: return f##_avx512(__VA_ARGS__);     \
    case CK_AVX2: return f##_avx2(__VA_ARGS__);         \
    default: return f##_plain(__VA_ARGS__);             \
    }
#elif defined(__aarch64__)
#define DISPATCH(isa, f, ...)                          \
    switch (isa) {                                     \
    case CK_NEON: return f##_neon(__VA_ARGS__);         \
    default: return f##_plain(__VA_ARGS__);             \
    }
#endif

#endif
