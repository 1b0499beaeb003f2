// sin, cos and tan.

/// x = quarters · π/2 + r, |r| ≤ π/4 (a little more near the seams); `quarters` is exact
/// in its two lowest bits only.
typedef struct {
    dd r;
    vl quarters;
    int may_be_nan;
} reduced_angle;

/// Cody and Waite with π/2 in three parts of 53 bits. Up to 2^28 the first difference is
/// exact (a multiple of 2^−53 below 1) and the parts left out weigh less than 2^−135.
/// Beyond, lane by lane, `ck_reduce_huge`.
INLINE reduced_angle reduce_angle(vd x) {
    vd shifted = fma_(x, 0x1.45f306dc9c883p-1, rounder);
    vd k = shifted - rounder;
    vd first = fma_(-k, 0x1.921fb54442d18p+0, x);
    dd second = two_product(k, 0x1.1a62633145c07p-54);
    dd r = two_sum(first, -second.head);
    r.tail = fma_(k, 0x1.f1976b7ed8fbcp-110, r.tail - second.tail);
    vl quarters = bits(shifted);
    vl huge = ~(abs_(x) <= 0x1p28);
    int any_huge = any(huge);
    if (__builtin_expect(any_huge, 0)) {
        for (int i = 0; i < LANES; i++) {
            if (!huge[i]) continue;
            double head, tail;
            quarters[i] = ck_reduce_huge(x[i], &head, &tail);
            r.head[i] = head;
            r.tail[i] = tail;
        }
    }
    return (reduced_angle){r, quarters, any_huge};
}

/// (sin √z / √z − 1) / z and (cos √z − 1 + z/2) / z² for z ≤ (π/4)², minimax, to 2^−56
/// and 2^−60.
static const double sin_terms[] = {
    -0x1.5555555555555p-3, 0x1.1111111110c84p-7,   -0x1.a01a019ea1749p-13,
    0x1.71de37b224f1ap-19, -0x1.ae602161d7c5dp-26, 0x1.5e11b11f57865p-33,
};
static const double cos_terms[] = {
    0x1.5555555555555p-5,   -0x1.6c16c16c168ccp-10, 0x1.a01a019f38b6dp-16,
    -0x1.27e4fa037cc16p-22, 0x1.1eeb5865374f9p-29,  -0x1.9073e56390a19p-37,
};

/// sin r as an unevaluated sum, its second part at most a tenth of the first.
INLINE dd sin_parts(dd r) {
    vd z = r.head * r.head;
    vd carried = r.tail * fma_((vd)-0.5, z, (vd)1.0);
    return (dd){r.head, fma_(z * r.head, POLYNOMIAL(z, sin_terms), carried)};
}

/// cos r as an unevaluated sum.
INLINE dd cos_parts(dd r) {
    vd z = r.head * r.head, half = 0.5 * z, main = 1 - half;
    vd tail = fma_(z * z, POLYNOMIAL(z, cos_terms), -(r.head * r.tail));
    return (dd){main, ((1 - main) - half) + tail};
}

typedef struct {
    vd sine, cosine;
} sine_cosine;

INLINE sine_cosine lane_sincos(vd x) {
    reduced_angle a = reduce_angle(x);
    dd s = sin_parts(a.r), c = cos_parts(a.r);
    vd sine = s.head + s.tail, cosine = c.head + c.tail;
    // The sum has lost the sign of sin(−0) = −0.
    sine = x == 0 ? x : sine;
    vl odd = -(a.quarters & 1);
    vl sine_sign = (vl)((vu)a.quarters << 62) & INT64_MIN;
    vl cosine_sign = (vl)((vu)(a.quarters + 1) << 62) & INT64_MIN;
    sine_cosine y = {
        from_bits(bits(odd ? cosine : sine) ^ sine_sign),
        from_bits(bits(odd ? sine : cosine) ^ cosine_sign),
    };
    if (__builtin_expect(a.may_be_nan, 0)) y = (sine_cosine){one_nan(y.sine), one_nan(y.cosine)};
    return y;
}

INLINE vd lane_sin(vd x) { return lane_sincos(x).sine; }
INLINE vd lane_cos(vd x) { return lane_sincos(x).cosine; }

/// sin/cos, or −cos/sin in the odd quarters, by one quotient of sums.
INLINE vd lane_tan(vd x) {
    reduced_angle a = reduce_angle(x);
    dd s = sin_parts(a.r), c = cos_parts(a.r);
    s = fast_two_sum(s.head, s.tail);
    c = fast_two_sum(c.head, c.tail);
    vl odd = -(a.quarters & 1);
    dd above = {odd ? -c.head : s.head, odd ? -c.tail : s.tail};
    dd below = {odd ? s.head : c.head, odd ? s.tail : c.tail};
    vd y = quotient(above, below);
    y = abs_(x) < 0x1p-28 ? x : y;
    return a.may_be_nan ? one_nan(y) : y;
}
