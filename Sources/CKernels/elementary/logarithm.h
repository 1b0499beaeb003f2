// log x, log(1 + x) and softplus.

/// x = 2^k · m with √½ ≤ m < √2.
typedef struct {
    vd m, k;
} binary_parts;

/// For positive normal x.
INLINE binary_parts split(vd x) {
    const int64_t root_half = 0x3fe6a09e667f3bcd, one = 0x3ff0000000000000;
    vl shifted = bits(x) + (one - root_half);
    // The exponent becomes the low bits of a double at 2^52, its own integer grid.
    vl exponent = (vl)((vu)shifted >> 52) | bits((vd)0x1p52);
    vd m = from_bits((shifted & 0x000fffffffffffff) + root_half);
    return (binary_parts){m, from_bits(exponent) - (0x1p52 + 1023)};
}

/// For any positive finite x, the subnormal ones too.
INLINE binary_parts split_any(vd x) {
    vl tiny = x < 0x1p-1022;
    binary_parts p = split(tiny ? x * 0x1p54 : x);
    p.k -= tiny ? (vd)54.0 : (vd)0.0;
    return p;
}

/// (log((1+s)/(1−s))/s − 2) / s² over s², |s| ≤ 0.1717, to 2^−56 (minimax).
static const double log_terms[] = {
    0x1.5555555555558p-1, 0x1.9999999995239p-2, 0x1.2492492e0c875p-2, 0x1.c71c62bf42ed3p-3,
    0x1.7462bfebe853cp-3, 0x1.39fce62a7e3fap-3, 0x1.2b6a94c8da143p-3,
};

/// log 2 in two parts; the first has 32 bits, so its product with an exponent is exact.
static const double log2_high = 0x1.62e42feep-1, log2_low = 0x1.a39ef35793c76p-33;

/// k·log 2 + log(1 + f) + tail for √½ ≤ 1 + f ≤ √2 and a tail below an ulp of f.
/// With s = f/(2+f), log(1+f) = 2 artanh s = f − f²/2 + s·(f²/2 + s²·P(s²)).
INLINE vd log_sum(vd f, vd k, vd tail) {
    vd s = f / (2 + f), z = s * s, half_square = 0.5 * f * f;
    vd rest = fma_(z, POLYNOMIAL(z, log_terms), half_square);
    vd low = fma_(k, log2_low, tail);
    return fma_(k, log2_high, f - (half_square - fma_(s, rest, low)));
}

INLINE vd lane_log(vd x) {
    // Exactly the positive normal numbers: as unsigned integers the bits of all others
    // lie outside 2^−1022 … ∞.
    const uint64_t least = 0x0010000000000000, infinity = 0x7ff0000000000000;
    vl ordinary = (vu)bits(x) - least < infinity - least;
    if (__builtin_expect(!any(~ordinary), 1)) {
        binary_parts p = split(x);
        return log_sum(p.m - 1, p.k, 0);
    }
    binary_parts p = split_any(x);
    vd y = log_sum(p.m - 1, p.k, 0);
    y = x == __builtin_inf() ? x : y;
    y = x == 0 ? -(vd)__builtin_inf() : y;
    return one_nan(x < 0 ? (vd)__builtin_nan("") : (x != x ? x : y));
}

INLINE vd lane_log1p(vd x) {
    dd u = two_sum((vd)1.0, x);
    binary_parts p = split(u.head);
    // At large exponents the tail has no weight; the bound keeps 2^−k normal.
    vd k = p.k > 1000 ? (vd)1000.0 : p.k;
    vd tail = u.tail * power_of_two(bits(rounder - k) - bits((vd)rounder));
    dd f = fast_two_sum(p.m - 1, tail);
    vd y = log_sum(f.head, p.k, f.tail);
    y = abs_(x) < 0x1p-54 ? x : y;
    y = x == __builtin_inf() ? x : y;
    y = x == -1 ? -(vd)__builtin_inf() : y;
    return one_nan(x < -1 ? (vd)__builtin_nan("") : (x != x ? x : y));
}

/// max(x, 0) + log(1 + e^−|x|), the exponential carried in two parts.
INLINE vd lane_softplus(vd x) {
    exponential e = expand((dd){-clamp(abs_(x), 0, 746), 0});
    dd m = mantissa(e);
    vd t = scale(m.head, e.k);
    dd u = fast_two_sum((vd)1.0, t);
    u.tail += scale(m.tail, e.k);
    // 1 < u ≤ 2 is halved where it passes √2.
    vl upper = u.head > 0x1.6a09e667f3bcdp+0;
    vd half = upper ? (vd)0.5 : (vd)1.0;
    dd f = fast_two_sum(u.head * half - 1, u.tail * half);
    vd y = log_sum(f.head, upper ? (vd)1.0 : (vd)0.0, f.tail);
    return one_nan(x > 0 ? x + y : y);
}
