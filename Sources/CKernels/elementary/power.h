// x^y = e^(y·log x), the logarithm in two parts.

/// (log((1+s)/(1−s))/s − 2 − ⅔ s²) / s⁴ over s², |s| ≤ 0.1717, to 2^−68 (minimax).
static const double power_terms[] = {
    0x1.999999999999ap-2, 0x1.24924924923p-2,   0x1.c71c71c74bbddp-3, 0x1.745d173d9558p-3,
    0x1.3b13a97ece9a4p-3, 0x1.111561d10ca08p-3, 0x1.e015e35260364p-4, 0x1.dacaf3d4b9093p-4,
};

/// log x for positive finite x with an error below 2^−65 of it: at the largest powers
/// the exponent is multiplied by 2^10 before it is used.
INLINE dd log_parts(vd x) {
    binary_parts p = split_any(x);
    vd f = p.m - 1;
    dd below = fast_two_sum((vd)2.0, f);
    vd reciprocal = 1 / below.head;
    dd s = {f * reciprocal, 0};
    s.tail = fma_(-s.head, below.tail, fma_(-s.head, below.head, f)) * reciprocal;
    // log m = s·(2 + (⅔ z + z²·P(z))), z = s².
    dd z = two_product(s.head, s.head);
    z.tail = fma_(2 * s.head, s.tail, z.tail);
    const double third = 0x1.5555555555555p-1, third_tail = 0x1.5555555555555p-55;
    dd c = two_product(z.head, third);
    c.tail += fma_(z.tail, third, z.head * third_tail);
    dd inner = fast_two_sum(c.head, z.head * z.head * POLYNOMIAL(z.head, power_terms));
    dd factor = fast_two_sum((vd)2.0, inner.head);
    factor.tail += inner.tail + c.tail;
    dd log_m = two_product(s.head, factor.head);
    log_m.tail += fma_(s.head, factor.tail, s.tail * factor.head);
    // log 2 as 42 bits, whose product with an exponent is exact, and the rest.
    dd sum = fast_two_sum(p.k * 0x1.62e42fefa38p-1, log_m.head);
    return fast_two_sum(sum.head, sum.tail + fma_(p.k, 0x1.ef35793c7673p-45, log_m.tail));
}

/// All ones where y is an odd integer, and where it is any integer.
INLINE vl is_integer(vd y) {
    vd a = abs_(y);
    return (a >= 0x1p52) | (((a + 0x1p52) - 0x1p52) == a);
}
INLINE vl is_odd(vd y) { return is_integer(y) & ~is_integer(0.5 * y); }

INLINE vd lane_pow(vd x, vd y) {
    const vd infinity = __builtin_inf();
    vd a = abs_(x);
    dd log_a = log_parts(a);
    dd product = two_product(y, log_a.head);
    product.tail = fma_(y, log_a.tail, product.tail);
    vd bounded = clamp(product.head, -746, 710);
    product.tail = bounded == product.head ? product.tail : (vd)0.0;
    exponential e = expand((dd){bounded, product.tail});
    vd z = scale(mantissa(e).head, e.k);

    // What the logarithm cannot say: the ends of the axis, then signs, NaN, and the two
    // cases in which even NaN does not matter (C, annex F.10.4.4).
    vl rising = y > 0;
    z = a == 0 ? (rising ? (vd)0.0 : infinity) : z;
    z = a == infinity ? (rising ? infinity : (vd)0.0) : z;
    z = abs_(y) == infinity ? ((a > 1) == rising ? infinity : (vd)0.0) : z;
    z = ((abs_(y) == infinity) & (a == 1)) ? (vd)1.0 : z;
    z = ((bits(x) < 0) & is_odd(y)) ? -z : z;
    z = ((x < 0) & (a != infinity) & ~is_integer(y)) ? (vd)__builtin_nan("") : z;
    z = ((x != x) | (y != y)) ? (vd)__builtin_nan("") : z;
    return one_nan(((y == 0) | (x == 1)) ? (vd)1.0 : z);
}
