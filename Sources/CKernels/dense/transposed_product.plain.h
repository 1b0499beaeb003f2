// C + sign Aᵀ B in double precision, one number at a time: the reference.

static inline void REFERENCE(add_transposed_product)(double sign, const double *a, size_t a_row,
                                                     const double *b, size_t b_row, double *c,
                                                     size_t c_row, size_t rows, size_t columns,
                                                     size_t depth) {
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++) {
            double sum = c[i * c_row + j];
            for (size_t k = 0; k < depth; k++)
                sum = __builtin_fma(sign * a[k * a_row + i], b[k * b_row + j], sum);
            c[i * c_row + j] = sum;
        }
}
