#ifndef CK_TRANSPOSED_PRODUCT_H
#define CK_TRANSPOSED_PRODUCT_H

#include "instruction_set.h"
#include <stddef.h>

/// C ← C + sign Aᵀ B in double precision: c[i·c_row + j] takes fma(sign · a[k·a_row + i], b[k·b_row + j], ·) for
/// k = 0 … depth−1 in this order, i < rows, j < columns. Its bits depend neither on the instruction set
/// nor on how a product is cut into blocks of rows, columns and depth. C may overlap neither A nor B;
/// these may be the same.
///
/// With it go Cholesky factorizations, triangular systems and covariances.
void ck_add_transposed_product(ck_instruction_set isa, double sign, const double *a, size_t a_row,
                               const double *b, size_t b_row, double *c, size_t c_row, size_t rows,
                               size_t columns, size_t depth);

#endif
