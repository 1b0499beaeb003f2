// C + sign Aᵀ B in double precision, a tile of C at a time: its sums stay in registers over the whole depth.

/// R rows (at most 4) by V vectors (at most 4) of C.
INLINE void gram_tile(const size_t R, const size_t V, double sign, const double *a, size_t a_row,
                      const double *b, size_t b_row, double *c, size_t c_row, size_t depth) {
    doubles sum[4][4];
    UNROLLED(r, R) {
        UNROLLED(v, V) sum[r][v] = load_f64(c + r * c_row + v * LANES_F64);
    }
    for (size_t k = 0; k < depth; k++) {
        doubles row[4];
        UNROLLED(v, V) row[v] = load_f64(b + k * b_row + v * LANES_F64);
        UNROLLED(r, R) {
            doubles factor = (doubles)(sign * a[k * a_row + r]);
            UNROLLED(v, V) sum[r][v] = fma_f64(factor, row[v], sum[r][v]);
        }
    }
    UNROLLED(r, R) {
        UNROLLED(v, V) store_f64(c + r * c_row + v * LANES_F64, sum[r][v]);
    }
}

/// R rows by all columns, V vectors at a time, then one, then numbers.
INLINE void gram_rows(const size_t R, const size_t V, double sign, const double *a, size_t a_row,
                      const double *b, size_t b_row, double *c, size_t c_row, size_t columns,
                      size_t depth) {
    size_t j = 0;
    for (; j + V * LANES_F64 <= columns; j += V * LANES_F64)
        gram_tile(R, V, sign, a, a_row, b + j, b_row, c + j, c_row, depth);
    for (; j + LANES_F64 <= columns; j += LANES_F64)
        gram_tile(R, 1, sign, a, a_row, b + j, b_row, c + j, c_row, depth);
    plain_add_transposed_product(sign, a, a_row, b + j, b_row, c + j, c_row, R, columns - j, depth);
}

static void kernel_add_transposed_product(double sign, const double *a, size_t a_row,
                                          const double *b, size_t b_row, double *c, size_t c_row,
                                          size_t rows, size_t columns, size_t depth) {
    size_t i = 0;
    for (; i + 4 <= rows; i += 4)
        gram_rows(4, 2, sign, a + i, a_row, b, b_row, c + i * c_row, c_row, columns, depth);
    for (; i < rows; i++)
        gram_rows(1, 4, sign, a + i, a_row, b, b_row, c + i * c_row, c_row, columns, depth);
}
