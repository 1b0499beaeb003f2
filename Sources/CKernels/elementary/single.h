// The single-precision functions: the same schemes as their double counterparts.

INLINE vi bits_f(vf x) { return __builtin_bit_cast(vi, x); }
INLINE vf from_bits_f(vi b) { return __builtin_bit_cast(vf, b); }
INLINE vf fma_f(vf a, vf b, vf c) { return __builtin_elementwise_fma(a, b, c); }
INLINE vf abs_f(vf x) { return from_bits_f(bits_f(x) & INT32_MAX); }
INLINE vf one_nan_f(vf y) { return y == y ? y : (vf)__builtin_nanf(""); }
INLINE vf clamp_f(vf x, vf low, vf high) {
    x = x < low ? low : x;
    return x > high ? high : x;
}
INLINE vf power_of_two_f(vi k) { return from_bits_f((k + 127) << 23); }

/// y·2^k for |k| ≤ 252.
INLINE vf scale_f(vf y, vi k) {
    vi half = k >> 1;
    return y * power_of_two_f(half) * power_of_two_f(k - half);
}

typedef struct {
    vf head, tail;
} ff;

/// a + b where |a| ≥ |b| or a = 0.
INLINE ff fast_two_sum_f(vf a, vf b) {
    vf head = a + b;
    return (ff){head, (a - head) + b};
}

INLINE vf quotient_f(ff a, ff b) {
    vf reciprocal = 1 / b.head;
    vf q = a.head * reciprocal;
    vf rest = fma_f(-q, b.head, a.head) + fma_f(-q, b.tail, a.tail);
    return fma_f(rest, reciprocal, q);
}

INLINE vf polynomial_f(vf x, const float *c, int degree) {
    vf sum = c[degree];
#pragma clang loop unroll(full)
    for (int i = degree - 1; i >= 0; i--) sum = fma_f(sum, x, c[i]);
    return sum;
}
#define POLYNOMIAL_F(x, c) polynomial_f(x, c, (int)(sizeof(c) / sizeof(c[0])) - 1)

/// e^x = 2^k · (1 + r + t).
typedef struct {
    vf r, t;
    vi k;
} exponential_f;

/// (e^r − 1 − r) / r² on |r| ≤ 0.34658, to 2^−32 of e^r (minimax).
static const float expf_terms[] = {
    0x1p-1f, 0x1.555556p-3f, 0x1.555502p-5f, 0x1.110fc2p-7f, 0x1.6d2e04p-10f, 0x1.a2d99ep-13f,
};

INLINE exponential_f expand_f(vf x) {
    const float rounder_f = 0x1.8p23f;
    vf shifted = fma_f(x, 0x1.715476p+0f, rounder_f);
    vf k = shifted - rounder_f;
    vf high = fma_f(-k, 0x1.62e43p-1f, x);
    ff r = fast_two_sum_f(high, k * 0x1.05c61p-29f);
    vf t = fma_f(r.head * r.head, POLYNOMIAL_F(r.head, expf_terms), r.tail);
    return (exponential_f){r.head, t, bits_f(shifted) - bits_f((vf)rounder_f)};
}

INLINE ff mantissa_f(exponential_f e) {
    ff sum = fast_two_sum_f((vf)1.0f, e.r);
    return fast_two_sum_f(sum.head, sum.tail + e.t);
}

INLINE vf lane_expf(vf x) {
    exponential_f e = expand_f(clamp_f(x, -105, 90));
    return one_nan_f(scale_f(mantissa_f(e).head, e.k));
}

INLINE vf lane_tanhf(vf x) {
    vf a = abs_f(x);
    exponential_f e = expand_f(-2 * clamp_f(a, 0, 10));
    // ½(e^(−2|x|) − 1) in two parts, for the numerator and the denominator.
    vf s = power_of_two_f(e.k - 1);
    ff main = fast_two_sum_f((vf)-0.5f, s);
    vf high = fma_f(s, e.r, main.head);
    vf low = fma_f(s, e.r, main.head - high) + main.tail;
    ff h = fast_two_sum_f(high, fma_f(s, e.t, low));
    ff below = fast_two_sum_f((vf)1.0f, h.head);
    below.tail += h.tail;
    vf y = a < 0x1p-13f ? a : quotient_f((ff){-h.head, -h.tail}, below);
    return one_nan_f(from_bits_f(bits_f(y) | (bits_f(x) & INT32_MIN)));
}

INLINE vf lane_sigmoidf(vf x) {
    exponential_f e = expand_f(-clamp_f(abs_f(x), 0, 105));
    ff t = mantissa_f(e);
    vf s = power_of_two_f(e.k < -100 ? -100 : e.k);
    ff below = fast_two_sum_f((vf)1.0f, s * t.head);
    below.tail = fma_f(s, t.tail, below.tail);
    vi left = x < 0;
    ff above = {left ? t.head : (vf)1.0f, left ? t.tail : (vf)0.0f};
    vf y = quotient_f(above, below);
    return one_nan_f(left ? scale_f(y, e.k) : y);
}

/// (log(1+f) − f + f²/2) / f³ on √½ ≤ 1 + f ≤ √2, to 2^−30 of log(1+f) (minimax).
static const float logf_terms[] = {
    0x1.555556p-2f,  -0x1.fffff2p-3f, 0x1.9998cap-3f,  -0x1.555c3p-3f, 0x1.24b9e4p-3f,
    -0x1.fe33f2p-4f, 0x1.bff33p-4f,   -0x1.ae9ce8p-4f, 0x1.c447e8p-4f, -0x1.222faap-4f,
};

/// k·log 2 + log(1 + f) + tail; the first part of log 2 has 15 bits.
INLINE vf log_sum_f(vf f, vf k, vf tail) {
    vf square = f * f;
    vf low = fma_f(k, 0x1.7f7d1cp-20f, tail);
    low = fma_f(square * f, POLYNOMIAL_F(f, logf_terms), low);
    // k·log 2 leads where it is not 0: what it rounds off of f goes to the low part.
    ff sum = fast_two_sum_f(k * 0x1.62e4p-1f, f);
    vf half = -0.5f * square, half_tail = fma_f((vf)-0.5f * f, f, -half);
    ff rest = fast_two_sum_f(sum.head, half);
    return rest.head + (rest.tail + (sum.tail + (half_tail + low)));
}

INLINE vf lane_logf(vf x) {
    vi tiny = x < 0x1p-126f;
    vi shifted = bits_f(tiny ? x * 0x1p23f : x) + (0x3f800000 - 0x3f3504f3);
    // Small integers: their conversion is exact.
    vf k = __builtin_convertvector((shifted >> 23) - 127, vf) - (tiny ? (vf)23.0f : (vf)0.0f);
    vf m = from_bits_f((shifted & 0x007fffff) + 0x3f3504f3);
    vf y = log_sum_f(m - 1, k, 0);
    y = x == __builtin_inff() ? x : y;
    y = x == 0 ? -(vf)__builtin_inff() : y;
    return one_nan_f(x < 0 ? (vf)__builtin_nanf("") : (x != x ? x : y));
}

INLINE vf lane_softplusf(vf x) {
    exponential_f e = expand_f(-clamp_f(abs_f(x), 0, 105));
    ff m = mantissa_f(e);
    ff u = fast_two_sum_f((vf)1.0f, scale_f(m.head, e.k));
    u.tail += scale_f(m.tail, e.k);
    vi upper = u.head > 0x1.6a09e6p+0f;
    vf half = upper ? (vf)0.5f : (vf)1.0f;
    ff f = fast_two_sum_f(u.head * half - 1, u.tail * half);
    vf y = log_sum_f(f.head, upper ? (vf)1.0f : (vf)0.0f, f.tail);
    return one_nan_f(x > 0 ? x + y : y);
}
