#ifndef CK_DENSE_H
#define CK_DENSE_H

#include "path.h"
#include <stddef.h>
#include <stdint.h>

// Products of a weight matrix with sparse vectors. Weights are rows of `n` values, row r at
// w + r·stride; n is a multiple of 64, the padding holds zeros. Half-precision weights are IEEE
// binary16 bits. All sums are single precision with fused multiply-add, in an order that depends
// on nothing but the arguments, so every path gives the same bits.

/// acc[j] ← fma(x[k], w[index[k]][j], acc[j]) for k = 0 … count−1 in this order, 0 ≤ j < n.
void ck_axpy_rows_f16(ck_path path, const uint16_t *w, size_t stride, const uint32_t *index,
                      const float *x, size_t count, float *acc, size_t n);
void ck_axpy_rows_f32(ck_path path, const float *w, size_t stride, const uint32_t *index,
                      const float *x, size_t count, float *acc, size_t n);

/// out[k] ← Σ_j g[j]·w[index[k]][j]: lane l (of 32) takes j ≡ l (mod 32) in order of j, and the
/// lanes fold as a tree: 32 → 16 → 8 → 4 → 2 → 1, lane l with lane l + half.
void ck_dot_rows_f16(ck_path path, const uint16_t *w, size_t stride, const uint32_t *index,
                     size_t count, const float *g, float *out, size_t n);
void ck_dot_rows_f32(ck_path path, const float *w, size_t stride, const uint32_t *index,
                     size_t count, const float *g, float *out, size_t n);

/// The indices, counted from `first`, and values of the entries of x[0 ..< n] that are > 0, in
/// order; returns how many. `index` and `value` need room for n + 8 entries.
size_t ck_compact_positive(ck_path path, const float *x, size_t n, uint32_t first, uint32_t *index,
                           float *value);

/// The same for the entries that are not 0.
size_t ck_compact_nonzero(ck_path path, const float *x, size_t n, uint32_t first, uint32_t *index,
                          float *value);

/// binary32 → binary16, to nearest, ties to even; overflow gives infinity.
void ck_half_from_float(ck_path path, const float *x, uint16_t *h, size_t n);
/// binary16 → binary32, exact.
void ck_float_from_half(ck_path path, const uint16_t *h, float *x, size_t n);

#endif
