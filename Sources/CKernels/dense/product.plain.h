// Matrix products in single precision, one number at a time: the reference.

/// What an index stands for.
INLINE size_t indexed(const uint32_t *index, size_t i) { return index ? index[i] : i; }

static inline void REFERENCE(multiply_columns)(const ck_product *p, size_t first, size_t columns) {
    for (size_t j = first; j < first + columns; j++)
        for (size_t i = 0; i < p->rows; i++) {
            float *c = p->c + i * p->c_row + j, sum = p->accumulates ? *c : 0;
            if (p->bias) sum += p->bias[j];
            const float *column = p->b + indexed(p->column_index, j) * p->b_column;
            for (size_t k = 0; k < p->depth; k++)
                sum = __builtin_fmaf(p->a[i * p->a_row + k * p->a_depth],
                                     column[indexed(p->depth_index, k) * p->b_depth], sum);
            if (p->rectifies && sum <= 0) sum = 0;
            if (p->gate && !(p->gate[i * p->gate_row + j] > 0)) sum = 0;
            *c = sum;
        }
}

static inline void REFERENCE(column_sums)(const float *x, size_t row, size_t rows, size_t columns,
                                          float *sum) {
    for (size_t j = 0; j < columns; j++) {
        float total = 0;
        for (size_t i = 0; i < rows; i++) total += x[i * row + j];
        sum[j] = total;
    }
}

static inline void REFERENCE(column_maxima)(const float *x, size_t row, size_t rows, size_t columns,
                                            float *largest) {
    for (size_t j = 0; j < columns; j++) {
        float most = 0;
        for (size_t i = 0; i < rows; i++) {
            float next = x[i * row + j];
            most = next > most || next != next ? next : most;
        }
        largest[j] = most;
    }
}

static inline double REFERENCE(sum_of_squares)(const float *x, size_t n) {
    double lane[SUM_LANES] = {0};
    for (size_t i = 0; i < n; i++) lane[i % SUM_LANES] += (double)x[i] * (double)x[i];
    return fold_sum(lane);
}
