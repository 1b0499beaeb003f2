#ifndef CK_HALF_BITS_H
#define CK_HALF_BITS_H

#include <stdint.h>
#include <string.h>

/// binary16 bits → binary32, by integer arithmetic alone.
static inline float ck_half_to_float1(uint16_t h) {
    uint32_t sign = (uint32_t)(h & 0x8000u) << 16, magnitude = h & 0x7fffu, bits;
    if (magnitude >= 0x7c00u) {
        bits = 0x7f800000u | (magnitude & 0x3ffu) << 13;
        if (magnitude > 0x7c00u) bits |= 0x400000u; // a signalling NaN turns quiet, as F16C does
    } else if (magnitude >= 0x400u) {
        bits = (magnitude << 13) + ((127 - 15) << 23);
    } else { // subnormal: magnitude · 2^−24 is exact in binary32
        float value = (float)magnitude * 0x1p-24f;
        memcpy(&bits, &value, 4);
    }
    bits |= sign;
    float result;
    memcpy(&result, &bits, 4);
    return result;
}

/// binary32 → binary16 bits, to nearest, ties to even.
static inline uint16_t ck_half_from_float1(float x) {
    uint32_t bits;
    memcpy(&bits, &x, 4);
    uint16_t sign = (uint16_t)(bits >> 16 & 0x8000u);
    bits &= 0x7fffffffu;
    if (bits > 0x7f800000u) return sign | 0x7e00u | (uint16_t)(bits >> 13 & 0x1ffu);
    if (bits >= 0x477ff000u) return sign | 0x7c00u; // rounds to 2^16 or beyond
    if (bits < 0x38800000u) {                       // subnormal or 0
        if (bits < 0x33000000u) return sign;
        uint32_t mantissa = (bits & 0x7fffffu) | 0x800000u, shift = 126 - (bits >> 23);
        uint32_t kept = mantissa >> shift, rest = mantissa & ((1u << shift) - 1);
        uint32_t tie = 1u << (shift - 1);
        return sign | (uint16_t)(kept + (rest > tie || (rest == tie && (kept & 1))));
    }
    uint32_t rebased = bits - ((127 - 15) << 23);
    return sign | (uint16_t)((rebased + 0xfffu + (rebased >> 13 & 1)) >> 13);
}

#endif
