// The vector types that the templates in this folder are written over, and the few
// operations that C lacks on them. A path's file defines CK_DOUBLES and CK_FLOATS (lanes
// a register holds; 1 for the plain reference) and includes `kernels.h` once.
//
// Every operation here is exact or correctly rounded by IEEE 754, so a lane's result
// does not depend on the width. No conversion to integers that could be out of range,
// no minimum or maximum whose treatment of NaN or −0 differs between machines.
#ifndef CK_LANES_H
#define CK_LANES_H

#include <stddef.h>
#include <stdint.h>

#pragma STDC FP_CONTRACT OFF

typedef double vd __attribute__((ext_vector_type(CK_DOUBLES)));
typedef int64_t vl __attribute__((ext_vector_type(CK_DOUBLES)));
typedef uint64_t vu __attribute__((ext_vector_type(CK_DOUBLES)));
typedef float vf __attribute__((ext_vector_type(CK_FLOATS)));
typedef int32_t vi __attribute__((ext_vector_type(CK_FLOATS)));

#define CK_LANE static inline __attribute__((always_inline))

/// A value and what was rounded off it: head + tail, |tail| ≤ ½ ulp(head).
typedef struct {
    vd head, tail;
} dd;

CK_LANE vl bits(vd x) { return __builtin_bit_cast(vl, x); }
CK_LANE vd from_bits(vl b) { return __builtin_bit_cast(vd, b); }
CK_LANE vd fma_(vd a, vd b, vd c) { return __builtin_elementwise_fma(a, b, c); }
CK_LANE vd sqrt_(vd a) { return __builtin_elementwise_sqrt(a); }
CK_LANE vd abs_(vd x) { return from_bits(bits(x) & INT64_MAX); }
CK_LANE vd copy_sign(vd magnitude, vd sign) {
    return from_bits((bits(magnitude) & INT64_MAX) | (bits(sign) & INT64_MIN));
}
CK_LANE int any(vl mask) { return __builtin_reduce_or(mask) != 0; }

/// x held to [low, high]; NaN stays NaN.
CK_LANE vd clamp(vd x, vd low, vd high) {
    x = x < low ? low : x;
    return x > high ? high : x;
}

/// `result`, or the one NaN of this project where it is any NaN: their signs and
/// payloads differ between instruction sets.
CK_LANE vd one_nan(vd result) { return result == result ? result : (vd)__builtin_nan(""); }

/// 1.5·2^52: adding it leaves the nearest integer (ties to even) in the low bits.
static const double rounder = 0x1.8p52;

/// 2^k for −1022 ≤ k ≤ 1023.
CK_LANE vd power_of_two(vl k) { return from_bits((vl)((vu)(k + 1023) << 52)); }

/// y·2^k for |k| ≤ 4000, in two steps so that neither factor leaves the range of a
/// double; only the second step can round, and only into the subnormals.
CK_LANE vd scale(vd y, vl k) {
    vu biased = (vu)(k + 4096);
    vl half = (vl)(biased >> 1);
    return y * power_of_two(half - 2048) * power_of_two((vl)biased - half - 2048);
}

/// a + b where |a| ≥ |b| or a = 0 (Dekker).
CK_LANE dd fast_two_sum(vd a, vd b) {
    vd head = a + b;
    return (dd){head, (a - head) + b};
}

/// a + b in any order (Knuth).
CK_LANE dd two_sum(vd a, vd b) {
    vd head = a + b, part = head - a;
    return (dd){head, (a - (head - part)) + (b - part)};
}

CK_LANE dd two_product(vd a, vd b) {
    vd head = a * b;
    return (dd){head, fma_(a, b, -head)};
}

/// (a.head + a.tail) / (b.head + b.tail), about 0.51 ulp with one division.
CK_LANE vd quotient(dd a, dd b) {
    vd reciprocal = 1 / b.head;
    vd q = a.head * reciprocal;
    vd rest = fma_(-q, b.head, a.head) + fma_(-q, b.tail, a.tail);
    return fma_(rest, reciprocal, q);
}

/// c[0] + c[1]·x + … + c[degree]·x^degree.
CK_LANE vd polynomial(vd x, const double *c, int degree) {
    vd sum = c[degree];
#pragma clang loop unroll(full)
    for (int i = degree - 1; i >= 0; i--) sum = fma_(sum, x, c[i]);
    return sum;
}

#define CK_POLYNOMIAL(x, c) polynomial(x, c, (int)(sizeof(c) / sizeof(c[0])) - 1)

CK_LANE vd load(const double *p) {
    vd x;
    __builtin_memcpy(&x, p, sizeof x);
    return x;
}
CK_LANE void store(double *p, vd x) { __builtin_memcpy(p, &x, sizeof x); }

#endif
