// Arithmetic over arrays of doubles, element by element. The reference and the fast versions share
// each operation, and differ in the width of the loop around it.

#ifdef REGISTER
#if REGISTER == 64
#define LOOP                                                                                      \
    _Pragma(                                                                                      \
        "clang loop vectorize(enable) vectorize_width(8) interleave_count(4)") for (size_t i = 0; \
                                                                                    i < n; i++)
#else
#define LOOP                                                                                      \
    _Pragma(                                                                                      \
        "clang loop vectorize(enable) vectorize_width(4) interleave_count(4)") for (size_t i = 0; \
                                                                                    i < n; i++)
#endif
#else
#define LOOP \
    _Pragma("clang loop vectorize(disable) interleave(disable)") for (size_t i = 0; i < n; i++)
#endif

#define BINARY(name, operation)                                                        \
    static void kernel_##name(const double *a, const double *b, double *y, size_t n) { \
        LOOP                                                                           \
            y[i] = operation(a[i], b[i]);                                              \
    }
#define UNARY(name, operation)                                        \
    static void kernel_##name(const double *x, double *y, size_t n) { \
        LOOP                                                          \
            y[i] = operation(x[i]);                                   \
    }
#define OPERATION INLINE double

OPERATION sum_of(double a, double b) { return a + b; }
OPERATION difference_of(double a, double b) { return a - b; }
OPERATION product_of(double a, double b) { return a * b; }
OPERATION quotient_of(double a, double b) { return a / b; }
// a + b carries a NaN of either through, where a comparison would drop it.
OPERATION smaller_of(double a, double b) { return a != a || b != b ? a + b : (a <= b ? a : b); }
OPERATION larger_of(double a, double b) { return a != a || b != b ? a + b : (a >= b ? a : b); }
OPERATION is_at_most(double a, double b) { return a != a || b != b ? a + b : (a <= b ? 1.0 : 0.0); }
OPERATION sign_of(double x) { return x > 0 ? 1.0 : (x < 0 ? -1.0 : x); }
OPERATION negative_of(double x) { return -x; }
OPERATION root_of(double x) { return __builtin_elementwise_sqrt(x); }
OPERATION reciprocal_of(double x) { return x > 0 ? 1.0 / x : __builtin_nan(""); }

BINARY(add, sum_of)
BINARY(subtract, difference_of)
BINARY(multiply, product_of)
BINARY(divide, quotient_of)
BINARY(minimum, smaller_of)
BINARY(maximum, larger_of)
BINARY(less_or_equal, is_at_most)
BINARY(copy_sign, __builtin_copysign)
UNARY(negate, negative_of)
UNARY(absolute, __builtin_fabs)
UNARY(sign, sign_of)
UNARY(square_root, root_of)
UNARY(positive_reciprocal, reciprocal_of)

static void kernel_affine(double offset, double factor, const double *x, double *y, size_t n) {
    LOOP {
        double product = factor * x[i];
        y[i] = offset + product;
    }
}

// y is neither a nor b, so that the loop may be turned into vectors without a check.
static void kernel_add_products(const double *a, const double *b, double *restrict y, size_t n) {
    LOOP
        y[i] = __builtin_fma(a[i], b[i], y[i]);
}

static void kernel_subtract_products(const double *a, const double *b, double *restrict y,
                                     size_t n) {
    LOOP
        y[i] = __builtin_fma(-a[i], b[i], y[i]);
}

#undef LOOP
#undef BINARY
#undef UNARY
#undef OPERATION
