#ifndef CK_ELEMENTARY_H
#define CK_ELEMENTARY_H

#include "instruction_set.h"
#include <stddef.h>

// Elementary functions over arrays: y[i] = f(x[i]) for i < n, y may be x itself.
// The C library's differ in the last place between machines and versions; these are
// polynomials over IEEE sums, products, quotients and fused multiply-adds alone, so
// that every instruction set gives the same bytes, and element i depends on x[i] only, not on n
// or on where the vector begins. Special values follow C's annex F; a NaN result is
// always the one quiet NaN 0x7ff8000000000000 (0x7fc00000 in float).

// Double precision, each within 1.1 units in the last place; `erfc` within 1.7,
// `normal_cdf` within 2.1.
void ck_exp(ck_instruction_set isa, const double *x, double *y, size_t n);
void ck_expm1(ck_instruction_set isa, const double *x, double *y, size_t n);
void ck_log(ck_instruction_set isa, const double *x, double *y, size_t n);
void ck_log1p(ck_instruction_set isa, const double *x, double *y, size_t n);
void ck_sin(ck_instruction_set isa, const double *x, double *y, size_t n);
void ck_cos(ck_instruction_set isa, const double *x, double *y, size_t n);
void ck_tan(ck_instruction_set isa, const double *x, double *y, size_t n);
void ck_tanh(ck_instruction_set isa, const double *x, double *y, size_t n);
void ck_erf(ck_instruction_set isa, const double *x, double *y, size_t n);
void ck_erfc(ck_instruction_set isa, const double *x, double *y, size_t n);
/// 1 / (1 + e^−x).
void ck_sigmoid(ck_instruction_set isa, const double *x, double *y, size_t n);
/// log(1 + e^x), without overflow.
void ck_softplus(ck_instruction_set isa, const double *x, double *y, size_t n);
/// The standard normal distribution function, accurate relative to itself down to the
/// smallest number: ½ erfc(−x/√2) without the rounding of x/√2.
void ck_normal_cdf(ck_instruction_set isa, const double *x, double *y, size_t n);
/// Both at little more than the price of one; `sine` and `cosine` may not overlap,
/// but either may be x.
void ck_sincos(ck_instruction_set isa, const double *x, double *sine, double *cosine, size_t n);
/// x[i] to the power y[i].
void ck_pow(ck_instruction_set isa, const double *x, const double *y, double *z, size_t n);

// Single precision, each within 1.1 units in the last place.
void ck_expf(ck_instruction_set isa, const float *x, float *y, size_t n);
void ck_logf(ck_instruction_set isa, const float *x, float *y, size_t n);
void ck_tanhf(ck_instruction_set isa, const float *x, float *y, size_t n);
void ck_sigmoidf(ck_instruction_set isa, const float *x, float *y, size_t n);
void ck_softplusf(ck_instruction_set isa, const float *x, float *y, size_t n);

// One number at a time, the same bits as in an array.
double ck_exp1(double x);
double ck_expm1_1(double x);
double ck_log1(double x);
double ck_log1p_1(double x);
double ck_sin1(double x);
double ck_cos1(double x);
double ck_tan1(double x);
double ck_tanh1(double x);
double ck_erf1(double x);
double ck_erfc1(double x);
double ck_sigmoid1(double x);
double ck_softplus1(double x);
double ck_normal_cdf1(double x);
double ck_pow1(double x, double y);
float ck_expf1(float x);
float ck_logf1(float x);
float ck_tanhf1(float x);
float ck_sigmoidf1(float x);
float ck_softplusf1(float x);

#endif
