#ifndef CK_ARITHMETIC_H
#define CK_ARITHMETIC_H

#include "instruction_set.h"
#include <stddef.h>

// Arithmetic over arrays of doubles, element by element: y[i] depends on element i alone,
// each operation is IEEE's and rounded once, so all instruction sets give the same bytes. y may be an
// operand, but may not overlap one otherwise.
void ck_add(ck_instruction_set isa, const double *a, const double *b, double *y, size_t n);
void ck_subtract(ck_instruction_set isa, const double *a, const double *b, double *y, size_t n);
void ck_multiply(ck_instruction_set isa, const double *a, const double *b, double *y, size_t n);
void ck_divide(ck_instruction_set isa, const double *a, const double *b, double *y, size_t n);
/// The smaller; not a number where either is not.
void ck_minimum(ck_instruction_set isa, const double *a, const double *b, double *y, size_t n);
/// The larger; not a number where either is not.
void ck_maximum(ck_instruction_set isa, const double *a, const double *b, double *y, size_t n);
/// 1 where a ≤ b, 0 where a > b, not a number where either is not.
void ck_less_or_equal(ck_instruction_set isa, const double *a, const double *b, double *y,
                      size_t n);
/// |a| with the sign of b.
void ck_copy_sign(ck_instruction_set isa, const double *a, const double *b, double *y, size_t n);
void ck_negate(ck_instruction_set isa, const double *x, double *y, size_t n);
void ck_absolute(ck_instruction_set isa, const double *x, double *y, size_t n);
/// −1, 0, 1; not a number where x is not.
void ck_sign(ck_instruction_set isa, const double *x, double *y, size_t n);
void ck_square_root(ck_instruction_set isa, const double *x, double *y, size_t n);
/// 1/x where x > 0, not a number elsewhere.
void ck_positive_reciprocal(ck_instruction_set isa, const double *x, double *y, size_t n);
/// y = offset + factor · x, rounded after the product and after the sum.
void ck_affine(ck_instruction_set isa, double offset, double factor, const double *x, double *y,
               size_t n);

// Sums over arrays in 16 lanes (element i goes to lane i mod 16), folded lane l with lane
// l + 8, then + 4, + 2, + 1: one order of additions, whatever the width of the registers.
/// Σ x[i].
double ck_sum(ck_instruction_set isa, const double *x, size_t n);
/// Σ a[i] b[i].
double ck_dot(ck_instruction_set isa, const double *a, const double *b, size_t n);
/// Σ (x[i] − center)².
double ck_squared_deviations(ck_instruction_set isa, const double *x, double center, size_t n);

#endif
