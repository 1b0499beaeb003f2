// The vector types that the elementary functions and the draws are written over, LANES doubles and
// SINGLE_LANES floats (1 for the plain reference), and the few operations that C lacks on them.
//
// Every operation here is exact or correctly rounded by IEEE 754, so a lane's result does not
// depend on the width. No conversion to integers that could be out of range, no minimum or maximum
// whose treatment of NaN or −0 differs between machines.

typedef double vd __attribute__((ext_vector_type(LANES)));
typedef int64_t vl __attribute__((ext_vector_type(LANES)));
typedef uint64_t vu __attribute__((ext_vector_type(LANES)));
typedef float vf __attribute__((ext_vector_type(SINGLE_LANES)));
typedef int32_t vi __attribute__((ext_vector_type(SINGLE_LANES)));

/// A value and what was rounded off it: head + tail, |tail| ≤ ½ ulp(head).
typedef struct {
    vd head, tail;
} dd;

INLINE vl bits(vd x) { return __builtin_bit_cast(vl, x); }
INLINE vd from_bits(vl b) { return __builtin_bit_cast(vd, b); }
INLINE vd fma_(vd a, vd b, vd c) { return __builtin_elementwise_fma(a, b, c); }
INLINE vd sqrt_(vd a) { return __builtin_elementwise_sqrt(a); }
INLINE vd abs_(vd x) { return from_bits(bits(x) & INT64_MAX); }
INLINE vd copy_sign(vd magnitude, vd sign) {
    return from_bits((bits(magnitude) & INT64_MAX) | (bits(sign) & INT64_MIN));
}
INLINE int any(vl mask) { return __builtin_reduce_or(mask) != 0; }

/// x held to [low, high]; NaN stays NaN.
INLINE vd clamp(vd x, vd low, vd high) {
    x = x < low ? low : x;
    return x > high ? high : x;
}

/// `result`, or the one NaN of this project where it is any NaN: their signs and
/// payloads differ between instruction sets.
INLINE vd one_nan(vd result) { return result == result ? result : (vd)__builtin_nan(""); }

/// 1.5·2^52: adding it leaves the nearest integer (ties to even) in the low bits.
static const double rounder = 0x1.8p52;

/// 2^k for −1022 ≤ k ≤ 1023.
INLINE vd power_of_two(vl k) { return from_bits((vl)((vu)(k + 1023) << 52)); }

/// y·2^k for |k| ≤ 4000, in two steps so that neither factor leaves the range of a
/// double; only the second step can round, and only into the subnormals.
INLINE vd scale(vd y, vl k) {
    vu biased = (vu)(k + 4096);
    vl half = (vl)(biased >> 1);
    return y * power_of_two(half - 2048) * power_of_two((vl)biased - half - 2048);
}

/// a + b where |a| ≥ |b| or a = 0 (Dekker).
INLINE dd fast_two_sum(vd a, vd b) {
    vd head = a + b;
    return (dd){head, (a - head) + b};
}

/// a + b in any order (Knuth).
INLINE dd two_sum(vd a, vd b) {
    vd head = a + b, part = head - a;
    return (dd){head, (a - (head - part)) + (b - part)};
}

INLINE dd two_product(vd a, vd b) {
    vd head = a * b;
    return (dd){head, fma_(a, b, -head)};
}

/// (a.head + a.tail) / (b.head + b.tail), about 0.51 ulp with one division.
INLINE vd quotient(dd a, dd b) {
    vd reciprocal = 1 / b.head;
    vd q = a.head * reciprocal;
    vd rest = fma_(-q, b.head, a.head) + fma_(-q, b.tail, a.tail);
    return fma_(rest, reciprocal, q);
}

// c[0] + c[1]·x + … + c[n−1]·x^(n−1) by halves (G. Estrin, 1960): the chain of dependent
// operations is as long as the logarithm of the degree, which keeps both multipliers
// busy where Horner's chain leaves them waiting. n is a constant at every call.
INLINE vd estrin4(vd x, vd x2, const double *c, int n) {
    if (n == 1) return c[0];
    vd low = fma_((vd)c[1], x, (vd)c[0]);
    if (n == 2) return low;
    return fma_(n == 3 ? (vd)c[2] : fma_((vd)c[3], x, (vd)c[2]), x2, low);
}
INLINE vd estrin8(vd x, vd x2, vd x4, const double *c, int n) {
    if (n <= 4) return estrin4(x, x2, c, n);
    return fma_(estrin4(x, x2, c + 4, n - 4), x4, estrin4(x, x2, c, 4));
}
INLINE vd estrin16(vd x, vd x2, vd x4, vd x8, const double *c, int n) {
    if (n <= 8) return estrin8(x, x2, x4, c, n);
    return fma_(estrin8(x, x2, x4, c + 8, n - 8), x8, estrin8(x, x2, x4, c, 8));
}
/// n ≤ 32.
INLINE vd polynomial(vd x, const double *c, int n) {
    vd x2 = x * x, x4 = x2 * x2, x8 = x4 * x4;
    if (n <= 16) return estrin16(x, x2, x4, x8, c, n);
    return fma_(estrin16(x, x2, x4, x8, c + 16, n - 16), x8 * x8, estrin16(x, x2, x4, x8, c, 16));
}

#define POLYNOMIAL(x, c) polynomial(x, c, (int)(sizeof(c) / sizeof(c[0])))

INLINE vd load(const double *p) {
    vd x;
    __builtin_memcpy(&x, p, sizeof x);
    return x;
}
INLINE void store(double *p, vd x) { __builtin_memcpy(p, &x, sizeof x); }

INLINE vf load_f(const float *p) {
    vf x;
    __builtin_memcpy(&x, p, sizeof x);
    return x;
}
INLINE void store_f(float *p, vf x) { __builtin_memcpy(p, &x, sizeof x); }
