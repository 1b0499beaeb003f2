#include "dispatch.h"
#include "dense.h"
#include "fold.h"
#include "half.h"
#include <math.h>

#pragma STDC FP_CONTRACT OFF

// The plain references.

#define PLAIN(SUFFIX, WEIGHT, LOAD)                                                                \
    static void axpy_rows_##SUFFIX##_plain(                                                        \
        const WEIGHT *w, size_t stride, const uint32_t *index, const float *x, size_t count,       \
        float *acc, const uint32_t *group, size_t groups) {                                        \
        for (size_t k = 0; k < count; k++)                                                         \
            for (size_t b = 0; b < groups; b++)                                                    \
                for (size_t j = 32 * group[b]; j < 32 * group[b] + 32; j++)                        \
                    acc[j] = fmaf(x[k], LOAD(w[index[k] * stride + j]), acc[j]);                   \
    }                                                                                              \
    static void dot_rows_##SUFFIX##_plain(                                                         \
        const WEIGHT *w, size_t stride, const uint32_t *index, size_t count, const float *g,       \
        float *out, const uint32_t *group, size_t groups) {                                        \
        for (size_t k = 0; k < count; k++) {                                                       \
            float lane[32] = {0};                                                                  \
            for (size_t b = 0; b < groups; b++)                                                    \
                for (size_t l = 0, j = 32 * group[b]; l < 32; l++, j++)                            \
                    lane[l] = fmaf(g[j], LOAD(w[index[k] * stride + j]), lane[l]);                 \
            out[k] = ck_fold(lane);                                                                \
        }                                                                                          \
    }                                                                                              \
    static void add_squares_##SUFFIX##_plain(const WEIGHT *w, float *acc, size_t n) {              \
        for (size_t j = 0; j < n; j++) acc[j] = fmaf(LOAD(w[j]), LOAD(w[j]), acc[j]);              \
    }

#define SAME(value) (value)
PLAIN(f32, float, SAME)
PLAIN(f16, uint16_t, ck_half_to_float1)

static void half_from_float_plain(const float *x, uint16_t *h, size_t n) {
    for (size_t j = 0; j < n; j++) h[j] = ck_half_from_float1(x[j]);
}

static void float_from_half_plain(const uint16_t *h, float *x, size_t n) {
    for (size_t j = 0; j < n; j++) x[j] = ck_half_to_float1(h[j]);
}

// The vector versions: one template, compiled for each instruction set.

#define TEMPLATE "dense.template.h"
#include "vector_paths.h"

#define PRODUCTS(SUFFIX, WEIGHT)                                                                   \
    void ck_axpy_rows_##SUFFIX(                                                                    \
        ck_instruction_set isa, const WEIGHT *w, size_t stride, const uint32_t *index, const float *x,       \
        size_t count, float *acc, const uint32_t *group, size_t groups) {                          \
        DISPATCH(isa, axpy_rows_##SUFFIX, w, stride, index, x, count, acc, group, groups)         \
    }                                                                                              \
    void ck_dot_rows_##SUFFIX(                                                                     \
        ck_instruction_set isa, const WEIGHT *w, size_t stride, const uint32_t *index, size_t count,         \
        const float *g, float *out, const uint32_t *group, size_t groups) {                        \
        DISPATCH(isa, dot_rows_##SUFFIX, w, stride, index, count, g, out, group, groups)          \
    }                                                                                              \
    void ck_add_squares_##SUFFIX(ck_instruction_set isa, const WEIGHT *w, float *acc, size_t n) {            \
        DISPATCH(isa, add_squares_##SUFFIX, w, acc, n)                                            \
    }
PRODUCTS(f16, uint16_t)
PRODUCTS(f32, float)

void ck_half_from_float(ck_instruction_set isa, const float *x, uint16_t *h, size_t n) {
    DISPATCH(isa, half_from_float, x, h, n)
}

void ck_float_from_half(ck_instruction_set isa, const uint16_t *h, float *x, size_t n) {
    DISPATCH(isa, float_from_half, h, x, n)
}
