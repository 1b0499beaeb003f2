// The system's headers that kernels use, included before an instruction set is switched on for the
// functions that follow.
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
// Wider vectors than the registers may not cross calls; every function of that kind is inlined.
#pragma clang diagnostic ignored "-Wpsabi"
#endif

/// A function that becomes a part of its caller.
#define INLINE static inline __attribute__((always_inline))
/// For i = 0 … count − 1, a constant: the loop is written out.
#define UNROLLED(i, count) _Pragma("clang loop unroll(full)") for (size_t i = 0; i < (count); i++)
