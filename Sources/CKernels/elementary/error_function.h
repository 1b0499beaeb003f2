// erf, erfc and the standard normal distribution function.

/// erf √z / √z − 1 for z ≤ 1, to 2^−62 (minimax).
static const double erf_terms[] = {
    0x1.06eba8214db69p-3,  -0x1.812746b0379e6p-2,  0x1.ce2f21a042b35p-4,  -0x1.b82ce31284f47p-6,
    0x1.565bcd0dbd349p-8,  -0x1.c02db3db25e83p-11, 0x1.f9a321dede6c6p-14, -0x1.f4d1e3a6493f2p-17,
    0x1.b9df27e442fc3p-20, -0x1.5f1eef021e623p-23, 0x1.f7b5c82fff4a2p-27, -0x1.389f2f064c95fp-30,
    0x1.06018da4a8e4ep-34,
};

/// (a + 3)·e^(a²)·erfc a over w = (a − 3)/(a + 3), 0.48 ≤ a ≤ 27.3, to 2^−58 of itself
/// (minimax); its constant term has a second part.
static const double erfc_terms[] = {
    0x1.12f21ddd9f5e2p+0,   -0x1.c44c471baa376p-1,  0x1.2e326945de2bdp-1,   -0x1.3deb21415dcbep-2,
    0x1.e995f11b163a8p-4,   -0x1.b78993d6b08ep-6,   -0x1.3dd3e70b5c332p-10, 0x1.8dae3a259f999p-9,
    -0x1.1f78e1c007dbep-11, -0x1.2238fd3cf83f4p-12, 0x1.c325511f20adcp-14,  0x1.fdff2c1c6a32cp-16,
    -0x1.251c948446619p-16, -0x1.3eb58881fddb5p-18, 0x1.7348295d085aap-19,  0x1.0bf7270e21ddep-20,
    -0x1.b82ce5c0d89e4p-22, -0x1.f18085b8c7d1p-23,  0x1.a38dfd0800b59p-25,  0x1.9a28737e06e04p-25,
    -0x1.c0c07d43bb8c5p-29, -0x1.9ff0cb9f49541p-28,
};
static const double erfc_constant_tail = -0x1.9cbdb246bd7e7p-54;

/// a + x·b where |a| ≥ |x·b|.
INLINE dd plus_product(vd a, vd x, dd b) {
    dd product = two_product(x, b.head), sum = fast_two_sum(a, product.head);
    sum.tail += fma_(x, b.tail, product.tail);
    return sum;
}

INLINE vd erf_near_zero(vd a) {
    vd z = a * a;
    return fma_(a, POLYNOMIAL(z, erf_terms), a);
}

/// y·2^k.
typedef struct {
    vd y;
    vl k;
} scaled;

/// erfc a for 0.48 ≤ a ≤ 27.3, `square` being a².
INLINE scaled erfc_tail(dd a, dd square) {
    dd below = two_sum(a.head, (vd)3.0), less = two_sum(a.head, (vd)-3.0);
    below.tail += a.tail;
    less.tail += a.tail;
    vd w = quotient(less, below);
    // The two largest terms alternate in sign; they are added without rounding.
    dd above = plus_product((vd)erfc_terms[1], w, (dd){polynomial(w, erfc_terms + 2, 20), 0});
    above = plus_product((vd)erfc_terms[0], w, above);
    above.tail += erfc_constant_tail;
    exponential e = expand((dd){-square.head, -square.tail});
    dd m = mantissa(e), product = two_product(m.head, above.head);
    product.tail += fma_(m.head, above.tail, m.tail * above.head);
    return (scaled){quotient(product, below), e.k};
}

INLINE vd lane_erf(vd x) {
    vd a = abs_(x), far = clamp(a, 0.5, 6);
    vd y = erf_near_zero(a);
    if (any(a >= 1)) {
        scaled tail = erfc_tail((dd){far, 0}, two_product(far, far));
        y = a < 1 ? y : 1 - tail.y * power_of_two(tail.k);
    }
    return one_nan(copy_sign(x == x ? y : x, x));
}

INLINE vd lane_erfc(vd x) {
    vd a = abs_(x), far = clamp(a, 0.5, 27.25);
    scaled tail = erfc_tail((dd){far, 0}, two_product(far, far));
    vd outer = scale(tail.y, tail.k);
    outer = x < 0 ? 2 - outer : outer;
    vd inner = 1 - copy_sign(erf_near_zero(a), x);
    return one_nan(a < 0.5 ? inner : (x == x ? outer : x));
}

/// Φ(x) = ½ erfc(a), a = −x/√2, where a² = x²/2 needs no root and therefore no rounding.
INLINE vd lane_normal_cdf(vd x) {
    vd magnitude = abs_(x), far = clamp(magnitude, 0.70710678, 38.5);
    dd root = two_product(far, (vd)0x1.6a09e667f3bcdp-1);
    root.tail = fma_(far, (vd)-0x1.bdd3413b26456p-55, root.tail);
    scaled tail = erfc_tail(root, two_product(far, 0.5 * far));
    vd outer = scale(tail.y, tail.k - 1);
    outer = x > 0 ? 1 - outer : outer;
    vd a = magnitude * 0x1.6a09e667f3bcdp-1;
    vd inner = fma_((vd)0.5, copy_sign(erf_near_zero(a), x), (vd)0.5);
    return one_nan(magnitude < 0.70710679 ? inner : (x == x ? outer : x));
}
