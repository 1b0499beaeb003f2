// The elementary functions over arrays. What is left over and fills no vector is padded into one,
// so that its elements go through the same operations.

#include "elementary/reduce_huge.h"

#include "elementary/lanes.h"

#include "elementary/exponential.h"
#include "elementary/logarithm.h"
#include "elementary/trigonometric.h"
#include "elementary/error_function.h"
#include "elementary/power.h"
#include "elementary/single.h"

#define MAP(name)                                                                  \
    static void kernel_##name(const double *x, double *y, size_t n) {              \
        size_t i = 0;                                                              \
        for (; n - i >= LANES; i += LANES) store(y + i, lane_##name(load(x + i))); \
        if (i == n) return;                                                        \
        double rest[LANES] = {0};                                                  \
        memcpy(rest, x + i, (n - i) * sizeof *x);                                  \
        store(rest, lane_##name(load(rest)));                                      \
        memcpy(y + i, rest, (n - i) * sizeof *y);                                  \
    }
MAP(exp)
MAP(expm1)
MAP(log)
MAP(log1p)
MAP(sin)
MAP(cos)
MAP(tan)
MAP(tanh)
MAP(erf)
MAP(erfc)
MAP(sigmoid)
MAP(softplus)
MAP(normal_cdf)
#undef MAP

#define MAP_SINGLE(name)                                            \
    static void kernel_##name(const float *x, float *y, size_t n) { \
        size_t i = 0;                                               \
        for (; n - i >= SINGLE_LANES; i += SINGLE_LANES)            \
            store_f(y + i, lane_##name(load_f(x + i)));             \
        if (i == n) return;                                         \
        float rest[SINGLE_LANES] = {0};                             \
        memcpy(rest, x + i, (n - i) * sizeof *x);                   \
        store_f(rest, lane_##name(load_f(rest)));                   \
        memcpy(y + i, rest, (n - i) * sizeof *y);                   \
    }
MAP_SINGLE(expf)
MAP_SINGLE(logf)
MAP_SINGLE(tanhf)
MAP_SINGLE(sigmoidf)
MAP_SINGLE(softplusf)
#undef MAP_SINGLE

static void kernel_sincos(const double *x, double *sine, double *cosine, size_t n) {
    for (size_t i = 0; i < n; i += LANES) {
        size_t count = n - i < LANES ? n - i : LANES;
        double rest[LANES] = {0};
        if (count < LANES) memcpy(rest, x + i, count * sizeof *x);
        sine_cosine y = lane_sincos(load(count < LANES ? rest : x + i));
        if (count == LANES) {
            store(sine + i, y.sine);
            store(cosine + i, y.cosine);
        } else {
            memcpy(sine + i, &y.sine, count * sizeof *x);
            memcpy(cosine + i, &y.cosine, count * sizeof *x);
        }
    }
}

static void kernel_pow(const double *x, const double *y, double *z, size_t n) {
    size_t i = 0;
    for (; n - i >= LANES; i += LANES) store(z + i, lane_pow(load(x + i), load(y + i)));
    if (i == n) return;
    double base[LANES] = {0}, exponent[LANES] = {0};
    memcpy(base, x + i, (n - i) * sizeof *x);
    memcpy(exponent, y + i, (n - i) * sizeof *y);
    store(base, lane_pow(load(base), load(exponent)));
    memcpy(z + i, base, (n - i) * sizeof *z);
}
