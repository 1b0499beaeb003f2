#ifndef CK_DENSE_H
#define CK_DENSE_H

#include "instruction_set.h"
#include <stddef.h>
#include <stdint.h>

// Products of a weight matrix with sparse vectors. Row r of the weights begins at w + r·stride; its
// columns come in groups of 32, padded with zeros, group b being columns 32b … 32b + 31, and only
// the groups that are listed are read. Half-precision weights are IEEE binary16 bits. All sums are
// single precision with fused multiply-add, in an order that depends on nothing but the arguments,
// so every instruction set gives the same bits.

/// acc[j] ← fma(x[k], w[index[k]][j], acc[j]) for k = 0 … count−1 in this order, j in the groups.
void ck_axpy_rows_f16(ck_instruction_set isa, const uint16_t *w, size_t stride,
                      const uint32_t *index, const float *x, size_t count, float *acc,
                      const uint32_t *group, size_t groups);
void ck_axpy_rows_f32(ck_instruction_set isa, const float *w, size_t stride, const uint32_t *index,
                      const float *x, size_t count, float *acc, const uint32_t *group,
                      size_t groups);

/// out[k] ← Σ_j g[j]·w[index[k]][j], j in the groups: lane l (of 32) takes j ≡ l (mod 32) in order
/// of the groups, and the lanes fold as a tree: 32 → 16 → 8 → 4 → 2 → 1, lane l with l + half.
void ck_dot_rows_f16(ck_instruction_set isa, const uint16_t *w, size_t stride,
                     const uint32_t *index, size_t count, const float *g, float *out,
                     const uint32_t *group, size_t groups);
void ck_dot_rows_f32(ck_instruction_set isa, const float *w, size_t stride, const uint32_t *index,
                     size_t count, const float *g, float *out, const uint32_t *group,
                     size_t groups);

/// acc[j] ← fma(w[j], w[j], acc[j]), 0 ≤ j < n.
void ck_add_squares_f16(ck_instruction_set isa, const uint16_t *w, float *acc, size_t n);
void ck_add_squares_f32(ck_instruction_set isa, const float *w, float *acc, size_t n);

/// binary32 → binary16, to nearest, ties to even; overflow gives infinity.
void ck_half_from_float(ck_instruction_set isa, const float *x, uint16_t *h, size_t n);
/// binary16 → binary32, exact.
void ck_float_from_half(ck_instruction_set isa, const uint16_t *h, float *x, size_t n);

#endif
