// The loops over arrays, and the table of them under the name CK_TABLE. A rest shorter
// than a register is padded into one, so its elements go through the same operations.

#include "../reduce_huge.h"
#include "table.h"

#include "lanes.h"

#include "exponential.h"
#include "logarithm.h"
#include "trigonometric.h"
#include "error_function.h"
#include "power.h"
#include "single.h"
#include "draws.h"

#define CK_MAP(name)                                                                    \
    static void map_##name(const double *x, double *y, size_t n) {                      \
        size_t i = 0;                                                                   \
        for (; n - i >= CK_DOUBLES; i += CK_DOUBLES) store(y + i, lane_##name(load(x + i))); \
        if (i == n) return;                                                             \
        double rest[CK_DOUBLES] = {0};                                                  \
        __builtin_memcpy(rest, x + i, (n - i) * sizeof *x);                             \
        store(rest, lane_##name(load(rest)));                                           \
        __builtin_memcpy(y + i, rest, (n - i) * sizeof *y);                             \
    }
CK_MAP(exp)
CK_MAP(expm1)
CK_MAP(log)
CK_MAP(log1p)
CK_MAP(sin)
CK_MAP(cos)
CK_MAP(tan)
CK_MAP(tanh)
CK_MAP(erf)
CK_MAP(erfc)
CK_MAP(sigmoid)
CK_MAP(softplus)
CK_MAP(normal_cdf)

#define CK_MAP_F(name)                                                                  \
    static void map_##name(const float *x, float *y, size_t n) {                        \
        size_t i = 0;                                                                   \
        for (; n - i >= CK_FLOATS; i += CK_FLOATS) {                                    \
            vf a;                                                                       \
            __builtin_memcpy(&a, x + i, sizeof a);                                      \
            a = lane_##name(a);                                                         \
            __builtin_memcpy(y + i, &a, sizeof a);                                      \
        }                                                                               \
        if (i == n) return;                                                             \
        vf a = 0;                                                                       \
        __builtin_memcpy(&a, x + i, (n - i) * sizeof *x);                               \
        a = lane_##name(a);                                                             \
        __builtin_memcpy(y + i, &a, (n - i) * sizeof *y);                               \
    }
CK_MAP_F(expf)
CK_MAP_F(logf)
CK_MAP_F(tanhf)
CK_MAP_F(sigmoidf)
CK_MAP_F(softplusf)

static void map_sincos(const double *x, double *sine, double *cosine, size_t n) {
    for (size_t i = 0; i < n; i += CK_DOUBLES) {
        size_t count = n - i < CK_DOUBLES ? n - i : CK_DOUBLES;
        double rest[CK_DOUBLES] = {0};
        if (count < CK_DOUBLES) __builtin_memcpy(rest, x + i, count * sizeof *x);
        sine_cosine y = lane_sincos(load(count < CK_DOUBLES ? rest : x + i));
        if (count == CK_DOUBLES) {
            store(sine + i, y.sine);
            store(cosine + i, y.cosine);
        } else {
            __builtin_memcpy(sine + i, &y.sine, count * sizeof *x);
            __builtin_memcpy(cosine + i, &y.cosine, count * sizeof *x);
        }
    }
}

static void map_pow(const double *x, const double *y, double *z, size_t n) {
    size_t i = 0;
    for (; n - i >= CK_DOUBLES; i += CK_DOUBLES) store(z + i, lane_pow(load(x + i), load(y + i)));
    if (i == n) return;
    double base[CK_DOUBLES] = {0}, exponent[CK_DOUBLES] = {0};
    __builtin_memcpy(base, x + i, (n - i) * sizeof *x);
    __builtin_memcpy(exponent, y + i, (n - i) * sizeof *y);
    store(base, lane_pow(load(base), load(exponent)));
    __builtin_memcpy(z + i, base, (n - i) * sizeof *z);
}

/// Writes (a[0], b[0], a[1], b[1], …).
CK_LANE void store_pairs(double *p, vd a, vd b) {
#if CK_DOUBLES == 8
    store(p, __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11));
    store(p + 8, __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15));
#elif CK_DOUBLES == 4
    store(p, __builtin_shufflevector(a, b, 0, 4, 1, 5));
    store(p + 4, __builtin_shufflevector(a, b, 2, 6, 3, 7));
#elif CK_DOUBLES == 2
    store(p, __builtin_shufflevector(a, b, 0, 2));
    store(p + 2, __builtin_shufflevector(a, b, 1, 3));
#else
    store(p, a);
    store(p + 1, b);
#endif
}

static void fill_philox(uint64_t seed, uint64_t stream, uint64_t first, size_t n, uint32_t *out) {
    for (size_t i = 0; i < n; i += CK_DOUBLES) {
        block_words w = philox(seed, stream, block_indices(first + i));
        double group[2 * CK_DOUBLES];
        store_pairs(group, from_bits((vl)w.low), from_bits((vl)w.high));
        size_t blocks = n - i < CK_DOUBLES ? n - i : CK_DOUBLES;
        __builtin_memcpy(out + 4 * i, group, 16 * blocks);
    }
}

/// Draws `first` to first + n − 1, two a block; `draw` writes the draws of the lanes'
/// blocks in order. A range that begins in the middle of a block loses that half.
#define CK_FILL(name, first_half, second_half)                                          \
    static void fill_##name(uint64_t seed, uint64_t stream, uint64_t first, size_t n,   \
                            double *out) {                                              \
        size_t done = 0;                                                                \
        while (done < n) {                                                              \
            uint64_t index = first + done;                                              \
            block_words w = philox(seed, stream, block_indices(index >> 1));            \
            size_t skip = index & 1, left = n - done;                                   \
            if (skip == 0 && left >= 2 * CK_DOUBLES) {                                  \
                store_pairs(out + done, first_half, second_half);                       \
                done += 2 * CK_DOUBLES;                                                 \
                continue;                                                               \
            }                                                                           \
            double group[2 * CK_DOUBLES];                                               \
            store_pairs(group, first_half, second_half);                                \
            size_t count = 2 * CK_DOUBLES - skip < left ? 2 * CK_DOUBLES - skip : left; \
            __builtin_memcpy(out + done, group + skip, count * sizeof *out);            \
            done += count;                                                              \
        }                                                                               \
    }
CK_FILL(uniform, draw_uniform(w.low), draw_uniform(w.high))
CK_FILL(logistic, draw_logistic(w.low), draw_logistic(w.high))
CK_FILL(exponential, draw_exponential(w.low), draw_exponential(w.high))
CK_FILL(normal, draw_normals(w).first, draw_normals(w).second)

const ck_lanes CK_TABLE = {
    .exp = map_exp,
    .expm1 = map_expm1,
    .log = map_log,
    .log1p = map_log1p,
    .sin = map_sin,
    .cos = map_cos,
    .tan = map_tan,
    .tanh = map_tanh,
    .erf = map_erf,
    .erfc = map_erfc,
    .sigmoid = map_sigmoid,
    .softplus = map_softplus,
    .normal_cdf = map_normal_cdf,
    .sincos = map_sincos,
    .pow = map_pow,
    .expf = map_expf,
    .logf = map_logf,
    .tanhf = map_tanhf,
    .sigmoidf = map_sigmoidf,
    .softplusf = map_softplusf,
    .philox_fill = fill_philox,
    .uniform = fill_uniform,
    .logistic = fill_logistic,
    .exponential = fill_exponential,
    .normal = fill_normal,
};
