// Products of a weight matrix with sparse vectors, one number at a time: the reference. A template
// of for_each_precision.h.

static inline void REFERENCE(OF(axpy_rows))(const WEIGHT *w, size_t stride, const uint32_t *index,
                                            const float *x, size_t count, float *acc,
                                            const uint32_t *group, size_t groups) {
    for (size_t k = 0; k < count; k++) {
        const WEIGHT *row = w + index[k] * stride;
        for (size_t b = 0; b < groups; b++) {
            size_t first = 32 * (size_t)group[b];
            for (size_t j = first; j < first + 32; j++) acc[j] = fmaf(x[k], WIDEN(row[j]), acc[j]);
        }
    }
}

static inline void REFERENCE(OF(dot_rows))(const WEIGHT *w, size_t stride, const uint32_t *index,
                                           size_t count, const float *g, float *out,
                                           const uint32_t *group, size_t groups) {
    for (size_t k = 0; k < count; k++) {
        const WEIGHT *row = w + index[k] * stride;
        float lane[32] = {0};
        for (size_t b = 0; b < groups; b++) {
            size_t first = 32 * (size_t)group[b];
            for (size_t l = 0; l < 32; l++)
                lane[l] = fmaf(g[first + l], WIDEN(row[first + l]), lane[l]);
        }
        out[k] = fold_lanes(lane);
    }
}

static inline void REFERENCE(OF(add_squares))(const WEIGHT *w, float *acc, size_t n) {
    for (size_t j = 0; j < n; j++) acc[j] = fmaf(WIDEN(w[j]), WIDEN(w[j]), acc[j]);
}
