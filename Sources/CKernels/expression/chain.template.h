// Chains of arithmetic over blocks of doubles. A stack of three values is in registers, each of them
// CHAIN_WIDTH vectors: so many that what is decided for each step, which operation it is, is decided for
// 64 elements at a time. The reference has one element.

#if !defined(REGISTER)
#define CHAIN_WIDTH 1
#elif REGISTER == 64
#define CHAIN_WIDTH 8
#elif REGISTER == 32
#define CHAIN_WIDTH 2
#else
#define CHAIN_WIDTH 4
#endif

INLINE vd chain_add(vd a, vd b) { return a + b; }
INLINE vd chain_subtract(vd a, vd b) { return a - b; }
INLINE vd chain_multiply(vd a, vd b) { return a * b; }
INLINE vd chain_divide(vd a, vd b) { return a / b; }
// The first of two equal ones, and NaN where either is: the comparison alone would drop that of b.
INLINE vd chain_minimum(vd a, vd b) {
    vd least = b < a ? b : a;
    return b == b ? least : b;
}
INLINE vd chain_maximum(vd a, vd b) {
    vd most = b > a ? b : a;
    return b == b ? most : b;
}
INLINE vd chain_less_or_equal(vd a, vd b) {
    vd one = (vd)1.0, zero = (vd)0.0;
    vd answer = a <= b ? one : zero;
    return ((a == a) & (b == b)) ? answer : a + b;
}
INLINE vd chain_negate(vd x) { return -x; }
INLINE vd chain_absolute(vd x) { return abs_(x); }
INLINE vd chain_sign(vd x) {
    vd one = (vd)1.0, less = (vd)-1.0;
    vd below = x < 0 ? less : x;
    return x > 0 ? one : below;
}
INLINE vd chain_square_root(vd x) { return sqrt_(x); }
INLINE vd chain_positive_reciprocal(vd x) {
    vd none = (vd)__builtin_nan("");
    return x > 0 ? 1 / x : none;
}
INLINE vd chain_square(vd x) { return x * x; }
INLINE vd chain_select(vd c, vd a, vd b) {
    vd taken = c != 0 ? a : b;
    return c == c ? taken : c;
}

#define EACH _Pragma("clang loop unroll(full)") for (int v = 0; v < width; v++)

// The cases of one step at each height of the stack: the registers must be known when it is compiled.
#define AT(operation, top, ...)                                    \
    case (operation) * CK_CHAIN_DEPTH + (top): EACH { __VA_ARGS__; \
        }                                                          \
        break;

#define M load(m + v * LANES)
#define K load(k + v * LANES)
#define UNARY(operation, name)                        \
    AT(operation, 0, s[0][v] = chain_##name(s[0][v])) \
    AT(operation, 1, s[1][v] = chain_##name(s[1][v])) \
    AT(operation, 2, s[2][v] = chain_##name(s[2][v]))
#define BINARY(operation, name)                                      \
    AT(operation, 0, s[0][v] = chain_##name(s[0][v], M))             \
    AT(operation, 1, s[1][v] = chain_##name(s[1][v], M))             \
    AT(operation, 2, s[2][v] = chain_##name(s[2][v], M))             \
    AT(operation##_TOP, 1, s[0][v] = chain_##name(s[0][v], s[1][v])) \
    AT(operation##_TOP, 2, s[1][v] = chain_##name(s[1][v], s[2][v]))
#define REVERSED(operation, name)                        \
    AT(operation, 0, s[0][v] = chain_##name(M, s[0][v])) \
    AT(operation, 1, s[1][v] = chain_##name(M, s[1][v])) \
    AT(operation, 2, s[2][v] = chain_##name(M, s[2][v]))

/// One group of `width` vectors, a constant at each call, from element i on.
INLINE void chain_group(const ck_chain_step *steps, size_t count, double *memory, size_t stride,
                        size_t destination, size_t i, const int width) {
    vd s[CK_CHAIN_DEPTH][CHAIN_WIDTH];
    EACH s[0][v] = s[1][v] = s[2][v] = (vd)0.0;
    for (size_t j = 0; j < count; j++) {
        const double *m = memory + steps[j].m * stride + i, *k = memory + steps[j].k * stride + i;
        switch (steps[j].operation * CK_CHAIN_DEPTH + steps[j].top) {
            AT(CK_LOAD, 0, s[0][v] = M)
            AT(CK_LOAD, 1, s[1][v] = M)
            AT(CK_LOAD, 2, s[2][v] = M)
            BINARY(CK_ADD, add)
            BINARY(CK_SUBTRACT, subtract)
            BINARY(CK_MULTIPLY, multiply)
            BINARY(CK_DIVIDE, divide)
            BINARY(CK_MINIMUM, minimum)
            BINARY(CK_MAXIMUM, maximum)
            BINARY(CK_LESS_OR_EQUAL, less_or_equal)
            REVERSED(CK_SUBTRACT_FROM, subtract)
            REVERSED(CK_DIVIDE_INTO, divide)
            REVERSED(CK_MINIMUM_FROM, minimum)
            REVERSED(CK_MAXIMUM_FROM, maximum)
            REVERSED(CK_LESS_OR_EQUAL_FROM, less_or_equal)
            AT(CK_ADD_PRODUCT, 0, s[0][v] = s[0][v] + M * K)
            AT(CK_ADD_PRODUCT, 1, s[1][v] = s[1][v] + M * K)
            AT(CK_ADD_PRODUCT, 2, s[2][v] = s[2][v] + M * K)
            AT(CK_SUBTRACT_PRODUCT, 0, s[0][v] = s[0][v] - M * K)
            AT(CK_SUBTRACT_PRODUCT, 1, s[1][v] = s[1][v] - M * K)
            AT(CK_SUBTRACT_PRODUCT, 2, s[2][v] = s[2][v] - M * K)
            UNARY(CK_NEGATE, negate)
            UNARY(CK_ABSOLUTE, absolute)
            UNARY(CK_SIGN, sign)
            UNARY(CK_SQUARE_ROOT, square_root)
            UNARY(CK_POSITIVE_RECIPROCAL, positive_reciprocal)
            UNARY(CK_SQUARE, square)
            AT(CK_SELECT, 2, s[0][v] = chain_select(s[0][v], s[1][v], s[2][v]))
        }
    }
    double *y = memory + destination * stride + i;
    EACH store(y + v * LANES, s[0][v]);
}

static void kernel_chain(const ck_chain_step *steps, size_t count, double *memory, size_t stride,
                         size_t destination, size_t n) {
    size_t i = 0;
    const size_t group = CHAIN_WIDTH * LANES;
    if (CHAIN_WIDTH > 1)
        for (; n - i >= group; i += group)
            chain_group(steps, count, memory, stride, destination, i, CHAIN_WIDTH);
    for (; i < n; i += LANES) chain_group(steps, count, memory, stride, destination, i, 1);
}

#undef CHAIN_WIDTH
#undef EACH
#undef AT
#undef M
#undef K
#undef UNARY
#undef BINARY
#undef REVERSED
