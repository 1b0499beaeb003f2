#include "dispatch.h"
#include "channels.h"
#include <stdint.h>

#pragma STDC FP_CONTRACT OFF

// The plain references.

static void mix_channels_plain(const double *a, size_t outputs, size_t inputs, const double *bias,
                               const double *x, double *y, size_t positions) {
    for (size_t i = 0; i < outputs; i++)
        for (size_t p = 0; p < positions; p++) {
            double sum = bias ? bias[i] : 0;
            for (size_t k = 0; k < inputs; k++)
                sum = __builtin_fma(a[i * inputs + k], x[k * positions + p], sum);
            y[i * positions + p] = sum;
        }
}

static void correlate_channels_plain(const double *g, size_t rows, const double *x, size_t columns,
                                     size_t positions, double *out) {
    for (size_t i = 0; i < rows; i++)
        for (size_t k = 0; k < columns; k++) {
            double lane[8] = {0};
            for (size_t p = 0; p < positions; p++)
                lane[p % 8] = __builtin_fma(g[i * positions + p], x[k * positions + p], lane[p % 8]);
            for (size_t half = 4; half > 0; half /= 2)
                for (size_t l = 0; l < half; l++) lane[l] += lane[l + half];
            out[i * columns + k] += lane[0];
        }
}

/// Positions `first` and later. Forward substitution where `s` is null, else backward.
static void substitute_plain(const double *t, const double *s, size_t channels, double *v,
                             size_t first, size_t positions) {
    for (size_t p = first; p < positions; p++) {
        if (s) {
            for (size_t i = channels; i-- > 0;) {
                double sum = v[i * positions + p];
                for (size_t k = i + 1; k < channels; k++)
                    sum = __builtin_fma(-t[i * channels + k], v[k * positions + p], sum);
                v[i * positions + p] = sum / s[i];
            }
        } else {
            for (size_t i = 0; i < channels; i++) {
                double sum = v[i * positions + p];
                for (size_t k = 0; k < i; k++)
                    sum = __builtin_fma(-t[i * channels + k], v[k * positions + p], sum);
                v[i * positions + p] = sum;
            }
        }
    }
}

static void add_products_plain(const double *a, const double *b, double *y, size_t n) {
    for (size_t p = 0; p < n; p++) y[p] = __builtin_fma(a[p], b[p], y[p]);
}

static void subtract_products_plain(const double *a, const double *b, double *y, size_t n) {
    for (size_t p = 0; p < n; p++) y[p] = __builtin_fma(-a[p], b[p], y[p]);
}

// The vector versions: one template, compiled for each instruction set. A block has no more
// columns than leave registers for its operands: one accumulator in memory halves its speed.

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define WIDTH 4
#define CORRELATED 2
#define NAME(f) f##_avx2
#include "channels.template.h"
#undef WIDTH
#undef CORRELATED
#undef NAME
#pragma clang attribute pop
#pragma clang attribute push( \
    __attribute__((target("avx2,fma,avx512f,avx512bw,avx512dq,avx512vl"))), apply_to = function)
#define WIDTH 8
#define CORRELATED 4
#define NAME(f) f##_avx512
#include "channels.template.h"
#undef WIDTH
#undef CORRELATED
#undef NAME
#pragma clang attribute pop
#elif defined(__aarch64__)
#define WIDTH 2
#define CORRELATED 4
#define NAME(f) f##_neon
#include "channels.template.h"
#undef WIDTH
#undef CORRELATED
#undef NAME
#endif

// Substitution's plain version serves the vector ones' last positions too, so it takes the
// first of them.
static void substitute_all_plain(const double *t, const double *s, size_t channels, double *v,
                                 size_t positions) {
    substitute_plain(t, s, channels, v, 0, positions);
}
#define substitute_all_avx2 substitute_avx2
#define substitute_all_avx512 substitute_avx512
#define substitute_all_neon substitute_neon

void ck_mix_channels(ck_instruction_set isa, const double *a, size_t outputs, size_t inputs,
                     const double *bias, const double *x, double *y, size_t positions) {
    DISPATCH(isa, mix_channels, a, outputs, inputs, bias, x, y, positions)
}

void ck_correlate_channels(ck_instruction_set isa, const double *g, size_t rows, const double *x,
                           size_t columns, size_t positions, double *out) {
    DISPATCH(isa, correlate_channels, g, rows, x, columns, positions, out)
}

void ck_solve_unit_lower(ck_instruction_set isa, const double *l, size_t channels, double *v,
                         size_t positions) {
    DISPATCH(isa, substitute_all, l, 0, channels, v, positions)
}

void ck_solve_upper(ck_instruction_set isa, const double *u, const double *s, size_t channels, double *v,
                    size_t positions) {
    DISPATCH(isa, substitute_all, u, s, channels, v, positions)
}

void ck_add_products(ck_instruction_set isa, const double *a, const double *b, double *y, size_t n) {
    DISPATCH(isa, add_products, a, b, y, n)
}

void ck_subtract_products(ck_instruction_set isa, const double *a, const double *b, double *y, size_t n) {
    DISPATCH(isa, subtract_products, a, b, y, n)
}
