#ifndef CK_INSTRUCTION_SET_H
#define CK_INSTRUCTION_SET_H

#include <stdbool.h>

/// The instruction sets that the kernels are compiled for. Results are the same bytes on all of them.
typedef enum ck_instruction_set {
    CK_PLAIN = 0,  ///< portable C: the reference that the others are compared with
    CK_AVX2 = 1,   ///< x86-64 with AVX2, FMA and F16C
    CK_AVX512 = 2, ///< x86-64 with AVX-512 F, BW, DQ and VL besides
    CK_NEON = 3,   ///< arm64
} ck_instruction_set;

/// True where this machine can run the kernels for `set` and this build has them.
bool ck_available(ck_instruction_set set);

/// Writes the instruction set of that name (plain, avx2, avx512, neon) to `set`, available or not.
/// Returns false, and writes nothing, where there is none.
bool ck_instruction_set_named(const char *name, ck_instruction_set *set);

/// The instruction set that this process computes with: the one that the environment variable
/// RIVIERA_KERNELS names if it is available, else the widest available one. The variable is read
/// at the first call only.
ck_instruction_set ck_selected(void);

/// Tells the processor that this thread is waiting in a loop.
static inline void ck_relax(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

#endif
