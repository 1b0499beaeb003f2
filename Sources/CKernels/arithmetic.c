#include "arithmetic.h"
#include <string.h>

#pragma STDC FP_CONTRACT OFF

// One element of each operation. Reference and fast loops share these lines, so only the
// width of the loop around them differs.
#define ONE(name) static inline __attribute__((always_inline)) double one_##name

ONE(add)(double a, double b) { return a + b; }
ONE(subtract)(double a, double b) { return a - b; }
ONE(multiply)(double a, double b) { return a * b; }
ONE(divide)(double a, double b) { return a / b; }
// a + b carries a NaN of either through, where a comparison would drop it.
ONE(minimum)(double a, double b) { return a != a || b != b ? a + b : (a <= b ? a : b); }
ONE(maximum)(double a, double b) { return a != a || b != b ? a + b : (a >= b ? a : b); }
ONE(less_or_equal)(double a, double b) {
    return a != a || b != b ? a + b : (a <= b ? 1.0 : 0.0);
}
ONE(copy_sign)(double a, double b) { return __builtin_copysign(a, b); }
ONE(negate)(double x) { return -x; }
ONE(absolute)(double x) { return __builtin_fabs(x); }
ONE(sign)(double x) { return x > 0 ? 1.0 : (x < 0 ? -1.0 : x); }
ONE(square_root)(double x) { return __builtin_elementwise_sqrt(x); }
ONE(positive_reciprocal)(double x) { return x > 0 ? 1.0 / x : __builtin_nan(""); }

// The same loop for each instruction set; the compiler unrolls the vector ones.
#define BINARY_LOOP(suffix, target, vectorize, name)                                            \
    target static void name##suffix(const double *a, const double *b, double *y, size_t n) {    \
        _Pragma(vectorize) for (size_t i = 0; i < n; i++) y[i] = one_##name(a[i], b[i]);        \
    }
#define UNARY_LOOP(suffix, target, vectorize, name)                                             \
    target static void name##suffix(const double *x, double *y, size_t n) {                     \
        _Pragma(vectorize) for (size_t i = 0; i < n; i++) y[i] = one_##name(x[i]);              \
    }
#define AFFINE_LOOP(suffix, target, vectorize)                                                  \
    target static void affine##suffix(double offset, double factor, const double *x, double *y, \
                                      size_t n) {                                               \
        _Pragma(vectorize) for (size_t i = 0; i < n; i++) {                                     \
            double product = factor * x[i];                                                     \
            y[i] = offset + product;                                                            \
        }                                                                                       \
    }

#define EACH_LOOP(suffix, target, vectorize)                                                    \
    BINARY_LOOP(suffix, target, vectorize, add)                                                 \
    BINARY_LOOP(suffix, target, vectorize, subtract)                                            \
    BINARY_LOOP(suffix, target, vectorize, multiply)                                            \
    BINARY_LOOP(suffix, target, vectorize, divide)                                              \
    BINARY_LOOP(suffix, target, vectorize, minimum)                                             \
    BINARY_LOOP(suffix, target, vectorize, maximum)                                             \
    BINARY_LOOP(suffix, target, vectorize, less_or_equal)                                       \
    BINARY_LOOP(suffix, target, vectorize, copy_sign)                                           \
    UNARY_LOOP(suffix, target, vectorize, negate)                                               \
    UNARY_LOOP(suffix, target, vectorize, absolute)                                             \
    UNARY_LOOP(suffix, target, vectorize, sign)                                                 \
    UNARY_LOOP(suffix, target, vectorize, square_root)                                          \
    UNARY_LOOP(suffix, target, vectorize, positive_reciprocal)                                  \
    AFFINE_LOOP(suffix, target, vectorize)

// The sums name their lanes, so that their order does not hang on the compiler.
enum { LANES = 16 };
typedef double lanes __attribute__((ext_vector_type(16)));
typedef double unaligned_lanes __attribute__((ext_vector_type(16), aligned(8)));

static inline __attribute__((always_inline)) double fold(const double lane[LANES]) {
    double eight[8], four[4];
    for (int l = 0; l < 8; l++) eight[l] = lane[l] + lane[l + 8];
    for (int l = 0; l < 4; l++) four[l] = eight[l] + eight[l + 4];
    double first = four[0] + four[2], second = four[1] + four[3];
    return first + second;
}

// The reference: one element at a time.
static double sum_plain(const double *x, size_t n) {
    double lane[LANES] = {0};
    for (size_t i = 0; i < n; i++) lane[i % LANES] += x[i];
    return fold(lane);
}

static double dot_plain(const double *a, const double *b, size_t n) {
    double lane[LANES] = {0};
    for (size_t i = 0; i < n; i++) {
        double product = a[i] * b[i];
        lane[i % LANES] += product;
    }
    return fold(lane);
}

static double squared_deviations_plain(const double *x, double center, size_t n) {
    double lane[LANES] = {0};
    for (size_t i = 0; i < n; i++) {
        double deviation = x[i] - center;
        double square = deviation * deviation;
        lane[i % LANES] += square;
    }
    return fold(lane);
}

// Whole rows of lanes as vectors, the rest as the reference has it. `term` makes a row of
// lanes, or one element, of what is summed.
#define LANE_LOOP(suffix, target, name, parameters, row, element)                               \
    target static double name##suffix parameters {                                              \
        lanes sums = 0;                                                                         \
        size_t i = 0;                                                                           \
        for (; i + LANES <= n; i += LANES) sums += row;                                         \
        double lane[LANES];                                                                     \
        memcpy(lane, &sums, sizeof lane);                                                       \
        for (int l = 0; i < n; i++, l++) lane[l] += element;                                    \
        return fold(lane);                                                                      \
    }
#define LOAD(x) (*(const unaligned_lanes *)((x) + i))
#define SQUARE(v) ((v) * (v))
#define EACH_LANE_LOOP(suffix, target)                                                          \
    LANE_LOOP(suffix, target, sum, (const double *x, size_t n), LOAD(x), x[i])                  \
    LANE_LOOP(suffix, target, dot, (const double *a, const double *b, size_t n),                \
              LOAD(a) * LOAD(b), a[i] * b[i])                                                   \
    LANE_LOOP(suffix, target, squared_deviations, (const double *x, double center, size_t n),   \
              SQUARE(LOAD(x) - center), SQUARE(x[i] - center))

#define SCALAR "clang loop vectorize(disable) interleave(disable)"
#define VECTOR "clang loop vectorize(enable)"

EACH_LOOP(_plain, , SCALAR)
#if defined(__x86_64__)
#define AVX2 __attribute__((target("avx2,fma,f16c")))
#define AVX512 \
    __attribute__((target("avx2,fma,f16c,avx512f,avx512bw,avx512dq,avx512vl,prefer-256-bit")))
EACH_LOOP(_avx2, AVX2, VECTOR)
EACH_LOOP(_avx512, AVX512, VECTOR)
EACH_LANE_LOOP(_avx2, AVX2)
EACH_LANE_LOOP(_avx512, AVX512)
#elif defined(__aarch64__)
EACH_LOOP(_neon, , VECTOR)
EACH_LANE_LOOP(_neon, )
#endif

#if defined(__x86_64__)
#define DISPATCH(name, ...)                                                                     \
    switch (isa) {                                                                             \
    case CK_AVX512: return name##_avx512(__VA_ARGS__);                                          \
    case CK_AVX2: return name##_avx2(__VA_ARGS__);                                              \
    default: return name##_plain(__VA_ARGS__);                                                  \
    }
#elif defined(__aarch64__)
#define DISPATCH(name, ...)                                                                     \
    switch (isa) {                                                                             \
    case CK_NEON: return name##_neon(__VA_ARGS__);                                              \
    default: return name##_plain(__VA_ARGS__);                                                  \
    }
#else
#define DISPATCH(name, ...) return name##_plain(__VA_ARGS__);
#endif

#define BINARY(name)                                                                            \
    void ck_##name(ck_instruction_set isa, const double *a, const double *b, double *y, size_t n) {       \
        DISPATCH(name, a, b, y, n)                                                              \
    }
#define UNARY(name)                                                                             \
    void ck_##name(ck_instruction_set isa, const double *x, double *y, size_t n) { DISPATCH(name, x, y, n) }

BINARY(add)
BINARY(subtract)
BINARY(multiply)
BINARY(divide)
BINARY(minimum)
BINARY(maximum)
BINARY(less_or_equal)
BINARY(copy_sign)
UNARY(negate)
UNARY(absolute)
UNARY(sign)
UNARY(square_root)
UNARY(positive_reciprocal)

void ck_affine(ck_instruction_set isa, double offset, double factor, const double *x, double *y, size_t n) {
    DISPATCH(affine, offset, factor, x, y, n)
}
double ck_sum(ck_instruction_set isa, const double *x, size_t n) { DISPATCH(sum, x, n) }
double ck_dot(ck_instruction_set isa, const double *a, const double *b, size_t n) { DISPATCH(dot, a, b, n) }
double ck_squared_deviations(ck_instruction_set isa, const double *x, double center, size_t n) {
    DISPATCH(squared_deviations, x, center, n)
}
