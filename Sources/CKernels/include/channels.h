#ifndef CK_CHANNELS_H
#define CK_CHANNELS_H

#include "instruction_set.h"
#include <stddef.h>

// Products of small matrices with the channels of an image, in double precision. An image is
// (channels, positions), row-major: channel i is the plane of `positions` numbers at
// x + i·positions. Matrices are row-major without padding. Each product is a fused multiply-add
// and each sum runs in an order that depends on nothing but the arguments, so every instruction set gives
// the same bits. No two arguments overlap unless said.

/// Y = A X + b: y[i][p] = bias[i], then fma(a[i][k], x[k][p], ·) for k = 0 … inputs−1 in this
/// order. `bias` may be null: then the sum starts at 0. A is (outputs, inputs).
void ck_mix_channels(ck_instruction_set isa, const double *a, size_t outputs, size_t inputs,
                     const double *bias, const double *x, double *y, size_t positions);

/// out ← out + G Xᵀ, out (rows, columns), G (rows, positions), X (columns, positions). A dot
/// product runs in 8 lanes, lane l over p ≡ l (mod 8) in order of p, that fold as a tree:
/// 8 → 4 → 2 → 1, lane l with lane l + half.
void ck_correlate_channels(ck_instruction_set isa, const double *g, size_t rows, const double *x,
                           size_t columns, size_t positions, double *out);

/// V ← L⁻¹ V in place, L (channels, channels) unit lower triangular: v[i] = v[i], then
/// fma(−l[i][k], v[k], ·) for k = 0 … i−1. What L holds on and above its diagonal is not read.
void ck_solve_unit_lower(ck_instruction_set isa, const double *l, size_t channels, double *v,
                         size_t positions);

/// V ← (U + diag(s))⁻¹ V in place, U (channels, channels): for i = channels−1 … 0 v[i] = v[i],
/// then fma(−u[i][k], v[k], ·) for k = i+1 … channels−1, then divided by s[i]. What U holds on
/// and below its diagonal is not read.
void ck_solve_upper(ck_instruction_set isa, const double *u, const double *s, size_t channels,
                    double *v, size_t positions);

/// y[p] ← fma(a[p], b[p], y[p]): one plane, where each position has its own coefficient.
/// a may be b.
void ck_add_products(ck_instruction_set isa, const double *a, const double *b, double *y, size_t n);

/// y[p] ← fma(−a[p], b[p], y[p]). a may be b.
void ck_subtract_products(ck_instruction_set isa, const double *a, const double *b, double *y,
                          size_t n);

#endif
