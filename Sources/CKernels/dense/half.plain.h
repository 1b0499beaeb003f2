// Conversions between single and half precision, one element at a time: the reference.

#include "dense/half_bits.h"

static inline void REFERENCE(half_from_float)(const float *x, uint16_t *h, size_t n) {
    for (size_t j = 0; j < n; j++) h[j] = ck_half_from_float1(x[j]);
}

static inline void REFERENCE(float_from_half)(const uint16_t *h, float *x, size_t n) {
    for (size_t j = 0; j < n; j++) x[j] = ck_half_to_float1(h[j]);
}
