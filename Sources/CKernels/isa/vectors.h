// A register as a vector of numbers: how the templates read and write arrays with it. Arrays are
// aligned to their elements only.
#ifndef CK_ISA_VECTORS_H
#define CK_ISA_VECTORS_H

#include <stdint.h>

/// Numbers a register holds.
#define LANES_F32 (REGISTER / 4)
#define LANES_F64 (REGISTER / 8)
/// Registers that a group of 32 floats fills.
#define GROUP_REGISTERS (32 / LANES_F32)

/// Single precision, 32-bit integers of as many lanes, half precision of as many lanes.
typedef float floats __attribute__((ext_vector_type(LANES_F32), aligned(4)));
typedef int32_t ints __attribute__((ext_vector_type(LANES_F32), aligned(4)));
typedef _Float16 halves __attribute__((ext_vector_type(LANES_F32), aligned(2)));
/// Double precision.
typedef double doubles __attribute__((ext_vector_type(LANES_F64), aligned(8)));

INLINE floats load_f32(const float *p) { return *(const floats *)p; }
INLINE floats load_f16(const uint16_t *p) {
    return __builtin_convertvector(*(const halves *)p, floats);
}
INLINE void store_f32(float *p, floats v) { *(floats *)p = v; }
INLINE void store_f16(uint16_t *p, floats v) { *(halves *)p = __builtin_convertvector(v, halves); }
INLINE doubles load_f64(const double *p) { return *(const doubles *)p; }
INLINE void store_f64(double *p, doubles v) { *(doubles *)p = v; }

/// a · b + c, rounded once.
INLINE floats fma_f32(floats a, floats b, floats c) { return __builtin_elementwise_fma(a, b, c); }
INLINE doubles fma_f64(doubles a, doubles b, doubles c) {
    return __builtin_elementwise_fma(a, b, c);
}

/// Bit l is whether lane l is not 0.
INLINE uint32_t set_lanes(ints lanes) {
    typedef _Bool truths __attribute__((ext_vector_type(LANES_F32)));
    truths set = __builtin_convertvector(lanes, truths);
#if LANES_F32 == 16
    return __builtin_bit_cast(uint16_t, set);
#else
    return __builtin_bit_cast(uint8_t, set) & ((1u << LANES_F32) - 1);
#endif
}

#endif
