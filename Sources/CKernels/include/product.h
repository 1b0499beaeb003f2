#ifndef CK_PRODUCT_H
#define CK_PRODUCT_H

#include "instruction_set.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Matrix products in single precision, as training needs them: of a batch with weights, and of two
// batches. Each sum runs over k = 0, 1, 2, … with fused multiply-add, so that its bits depend neither on
// the instruction set nor on how the columns are shared out.

/// C(i,j) ← start + Σ_k A(i,k) B(k,j), i < rows, k < depth. C may overlap none of the others.
typedef struct {
    /// A(i,k) = a[i·a_row + k·a_depth]; a_row or a_depth is 1.
    const float *a;
    size_t a_row, a_depth;
    /// B(k,j) = b[K·b_depth + J·b_column] with K = depth_index[k], or k where that is null, and
    /// J = column_index[j], or j; b_depth or b_column is 1.
    const float *b;
    size_t b_depth, b_column;
    const uint32_t *depth_index, *column_index;
    /// C(i,j) = c[i·c_row + j].
    float *c;
    size_t c_row;
    size_t rows, depth;
    /// A sum starts from bias[j], or 0 where that is null, plus C(i,j) where `accumulates`.
    const float *bias;
    bool accumulates;
    /// The sum becomes 0 where it is not above 0; NaN stays.
    bool rectifies;
    /// If not null, the sum becomes 0 where gate[i·gate_row + j] is not above 0.
    const float *gate;
    size_t gate_row;
} ck_product;

/// Columns that a call should have, or a multiple of it, to fill registers.
enum { CK_PRODUCT_COLUMNS = 48 };

/// The columns first … first + columns − 1 of C.
void ck_multiply_columns(ck_instruction_set isa, const ck_product *product, size_t first,
                         size_t columns);

/// sum[j] ← Σ_i x[i·row + j] in order of i, j < columns.
void ck_column_sums(ck_instruction_set isa, const float *x, size_t row, size_t rows, size_t columns,
                    float *sum);

/// largest[j] ← the largest of x[i·row + j] and 0, j < columns; NaN where one of them is NaN.
void ck_column_maxima(ck_instruction_set isa, const float *x, size_t row, size_t rows,
                      size_t columns, float *largest);

/// Σ x[i]² in double precision and 16 lanes, as `ck_dot` has them; a square is exact.
double ck_sum_of_squares(ck_instruction_set isa, const float *x, size_t n);

#endif
