// Steps of a flow of invertible convolutions, in single precision.
#ifndef CK_FLOW_H
#define CK_FLOW_H

#include "instruction_set.h"
#include <stddef.h>

/// The most channels that `ck_unmix` takes.
#define CK_UNMIX_DEPTH 192

/// An affine coupling of x: log_scale ← m a with a = 2 tanh(r / 2), scale ← e^a, y ← x + m (x (scale − 1) + t), number
/// by number. The mask m is 1 or 0; null: all 1. y may be x; else none overlaps another.
void ck_couple(ck_instruction_set isa, const float *r, const float *t, const float *x,
               const float *mask, float *log_scale, float *scale, float *y, size_t n);

/// The reverse: log_scale ← m a, y ← x + m ((x − t) / e^a − x). y may be x.
void ck_uncouple(ck_instruction_set isa, const float *r, const float *t, const float *x,
                 const float *mask, float *log_scale, float *y, size_t n);

/// Back-propagation through `ck_couple` of what has the gradient g with respect to y, and contains weight · Σ
/// log_scale: the gradients with respect to r and t; g ← that with respect to x.
void ck_couple_slopes(ck_instruction_set isa, const float *x, const float *mask,
                      const float *log_scale, const float *scale, float weight, float *g,
                      float *r_slope, float *t_slope, size_t n);

/// The most bins of a spline.
#define CK_SPLINE_BINS 32

/// Monotonic rational-quadratic splines of n numbers, and an affine map after each (Durkan, Bekasov, Murray,
/// Papamakarios, "Neural spline flows", 2019). What each is, a network's outputs say: number j of `moved` of a row has
/// output q at outputs[row · moved (3K + 1) + q · moved + j], with K bins: 0 the log-scale before its bound, 1 the shift,
/// 2 … K + 1 widths, K + 2 … 2K + 1 heights, 2K + 2 … 3K slopes at the inner knots. Beyond ±bound a spline is x.
typedef struct {
    const float *outputs;
    /// From 1 to CK_SPLINE_BINS.
    size_t moved, bins;
    float bound;
} ck_spline;

/// v the spline of x, y ← x + m (v e^a + t − x), log_scale ← m (log dv/dx + a). The mask m is 1 or 0; null: all 1. y may
/// be x; else none overlaps another.
void ck_spline_map(ck_instruction_set isa, const ck_spline *spline, const float *x,
                   const float *mask, float *log_scale, float *y, size_t n);

/// The reverse: y ← the number that is mapped to x, log_scale ← that of the map. y may be x.
void ck_spline_inverse(ck_instruction_set isa, const ck_spline *spline, const float *x,
                       const float *mask, float *log_scale, float *y, size_t n);

/// Back-propagation through `ck_spline_map` of what has the gradient g with respect to y, and contains weight · Σ
/// log_scale: slopes ← the gradients with respect to the outputs, in their order; g ← that with respect to x. slopes may
/// be the outputs.
void ck_spline_slopes(ck_instruction_set isa, const ck_spline *spline, const float *x,
                      const float *mask, float weight, float *g, float *slopes, size_t n);

/// Solves (v U) (L + I) + b = x among the missing numbers of each row: the rows and columns of known numbers are
/// left out, which leaves the factors triangular. A number's place in y is where the permutation had it from; known
/// numbers keep their values.
///
/// lower is L's transpose with a diagonal of ones, and upper U's with its diagonal, each (depth, depth) with input j in
/// row j; upper's row of input j is number permutation[j]. x, y are (rows, depth). The mask of row i is row i mod
/// `period`, in x's order, 1 for a missing number; null: all are missing. depth ≤ CK_UNMIX_DEPTH.
void ck_unmix(ck_instruction_set isa, const float *lower, const float *upper, const float *bias,
              const size_t *permutation, size_t depth, const float *mask, size_t period,
              const float *x, float *y, size_t rows);

#endif
