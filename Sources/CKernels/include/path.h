#ifndef CK_PATH_H
#define CK_PATH_H

#include <stdbool.h>

/// The instruction sets a kernel exists for. Results are the same bytes on all of them.
typedef enum ck_path {
    CK_PLAIN = 0,  ///< portable C: the reference that the others are compared with
    CK_AVX2 = 1,   ///< x86-64 with AVX2, FMA and F16C
    CK_AVX512 = 2, ///< x86-64 with AVX-512 F, BW, DQ and VL besides
    CK_NEON = 3,   ///< arm64
} ck_path;

/// True where this machine (and this build) can run `path`.
bool ck_available(ck_path path);

/// The widest path this machine can run, or the one that the environment variable
/// RIVIERA_KERNELS (plain, avx2, avx512, neon) names if this machine can run it. Read
/// once in a process.
ck_path ck_best(void);

/// Tells the processor that this thread is waiting in a loop.
static inline void ck_relax(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

#endif
