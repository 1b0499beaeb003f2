// Two operations on REGISTER / 4 lanes of 32 bits that C has no expression for.
#ifndef CK_ISA_LANES32_H
#define CK_ISA_LANES32_H

#include <stdint.h>

typedef int32_t int_lanes __attribute__((ext_vector_type(REGISTER / 4)));

/// Lane l is table[index[l]].
INLINE int_lanes gather(const uint32_t *table, int_lanes index) {
#if REGISTER == 64
    return (int_lanes)_mm512_i32gather_epi32((__m512i)index, (const int *)table, 4);
#elif REGISTER == 32
    return (int_lanes)_mm256_i32gather_epi32((const int *)table, (__m256i)index, 4);
#else
    int_lanes result;
    for (int l = 0; l < REGISTER / 4; l++) result[l] = (int32_t)table[index[l]];
    return result;
#endif
}

/// Bit l is lane l's sign.
INLINE uint32_t sign_bits(int_lanes lanes) {
#if REGISTER == 64
    return (uint32_t)_mm512_movepi32_mask((__m512i)lanes);
#elif REGISTER == 32
    return (uint32_t)_mm256_movemask_ps((__m256)lanes);
#else
    uint32_t bits = 0;
    for (int l = 0; l < REGISTER / 4; l++) bits |= (uint32_t)(lanes[l] < 0) << l;
    return bits;
#endif
}

#endif
