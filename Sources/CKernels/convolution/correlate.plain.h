// out ← out + G Xᵀ over the positions of an image, one number at a time: the reference.

static inline void REFERENCE(correlate_channels)(const double *g, size_t rows, const double *x,
                                                 size_t columns, size_t positions, double *out) {
    for (size_t i = 0; i < rows; i++)
        for (size_t k = 0; k < columns; k++) {
            double lane[8] = {0};
            for (size_t p = 0; p < positions; p++)
                lane[p % 8] =
                    __builtin_fma(g[i * positions + p], x[k * positions + p], lane[p % 8]);
            for (size_t half = 4; half > 0; half /= 2)
                for (size_t l = 0; l < half; l++) lane[l] += lane[l + half];
            out[i * columns + k] += lane[0];
        }
}
