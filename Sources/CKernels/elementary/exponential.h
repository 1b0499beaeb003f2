// e^x and what is made of it: e^x − 1, tanh, the logistic sigmoid.

/// e^x = 2^k · (1 + r + t), |r| ≤ ½ log 2 and t its quadratic and higher terms.
typedef struct {
    vd r, t;
    vl k;
} exponential;

/// (e^r − 1 − r − r²/2) / r³ on |r| ≤ 0.34658 to 2^−62 of e^r (minimax).
static const double exp_terms[] = {
    0x1.5555555555557p-3,  0x1.5555555555557p-5,  0x1.1111111110051p-7,  0x1.6c16c16c156a5p-10,
    0x1.a01a01ac1dc6cp-13, 0x1.a01a01ab9879dp-16, 0x1.71de01adc10d6p-19, 0x1.27e4cfaf3f1e1p-22,
    0x1.af4ec8740b0b4p-26, 0x1.1f86f02e50c02p-29,
};

/// The parts of e^(x.head + x.tail), |x.head| ≤ 2000 and the tail small.
INLINE exponential expand(dd x) {
    vd shifted = fma_(x.head, 0x1.71547652b82fep+0, rounder);
    vd k = shifted - rounder;
    // Exact: the difference is a multiple of 2^−54 below ½, or k is 0.
    vd high = fma_(-k, 0x1.62e42fefa39efp-1, x.head);
    vd low = fma_(-k, 0x1.abc9e3b39803fp-56, x.tail);
    dd r = fast_two_sum(high, low);
    vd square = r.head * r.head;
    vd cubic = square * r.head * POLYNOMIAL(r.head, exp_terms);
    vd t = fma_((vd)0.5, square, cubic + r.tail);
    return (exponential){r.head, t, bits(shifted) - bits((vd)rounder)};
}

/// 1 + r + t in two parts.
INLINE dd mantissa(exponential e) {
    dd sum = fast_two_sum((vd)1.0, e.r);
    return fast_two_sum(sum.head, sum.tail + e.t);
}

INLINE vd lane_exp(vd x) {
    vl ordinary = abs_(x) < 708;
    if (__builtin_expect(!any(~ordinary), 1)) {
        exponential e = expand((dd){x, 0});
        return mantissa(e).head * power_of_two(e.k);
    }
    // Beyond these bounds the product below has already become 0 or ∞.
    exponential e = expand((dd){clamp(x, -746, 710), 0});
    return one_nan(scale(mantissa(e).head, e.k));
}

/// ½(e^x − 1) in two parts, |k| ≤ 1024. Halved, 2^k stays a finite number at k = 1024.
INLINE dd half_minus_one(exponential e) {
    vd s = power_of_two(e.k - 1);
    dd main = two_sum(s, (vd)-0.5);
    vd high = fma_(s, e.r, main.head);
    vd low = fma_(s, e.r, main.head - high) + main.tail;
    return fast_two_sum(high, fma_(s, e.t, low));
}

INLINE vd lane_expm1(vd x) {
    vd y = 2 * half_minus_one(expand((dd){clamp(x, -40, 710), 0})).head;
    return one_nan(abs_(x) < 0x1p-54 ? x : y);
}

/// tanh |x| = −h / (1 + h), h = ½(e^(−2|x|) − 1).
INLINE vd lane_tanh(vd x) {
    vd a = abs_(x);
    dd h = half_minus_one(expand((dd){-2 * clamp(a, 0, 22), 0}));
    dd below = fast_two_sum((vd)1.0, h.head);
    below.tail += h.tail;
    vd y = quotient((dd){-h.head, -h.tail}, below);
    return one_nan(copy_sign(a < 0x1p-28 ? a : y, x));
}

/// 1 / (1 + e^−x), from t = e^−|x|: 1/(1+t) to the right of 0 and t/(1+t) to the left.
INLINE vd lane_sigmoid(vd x) {
    exponential e = expand((dd){-clamp(abs_(x), 0, 746), 0});
    dd t = mantissa(e);
    // The denominator needs t only to 2^−60; the bound keeps 2^k a normal number.
    vd s = power_of_two(e.k < -1000 ? -1000 : e.k);
    dd below = fast_two_sum((vd)1.0, s * t.head);
    below.tail = fma_(s, t.tail, below.tail);
    vl left = x < 0;
    dd above = {left ? t.head : (vd)1.0, left ? t.tail : (vd)0.0};
    vd y = quotient(above, below);
    return one_nan(left ? scale(y, e.k) : y);
}
