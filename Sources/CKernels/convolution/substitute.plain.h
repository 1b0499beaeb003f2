// Substitution in a triangular system over the channels of an image, one number at a time: the
// reference.

/// Positions `first` and later of forward substitution.
static inline void forward_from(const double *l, size_t channels, double *v, size_t first,
                                size_t positions) {
    for (size_t p = first; p < positions; p++)
        for (size_t i = 0; i < channels; i++) {
            double sum = v[i * positions + p];
            for (size_t k = 0; k < i; k++)
                sum = __builtin_fma(-l[i * channels + k], v[k * positions + p], sum);
            v[i * positions + p] = sum;
        }
}

/// Positions `first` and later of backward substitution.
static inline void backward_from(const double *u, const double *s, size_t channels, double *v,
                                 size_t first, size_t positions) {
    for (size_t p = first; p < positions; p++)
        for (size_t i = channels; i-- > 0;) {
            double sum = v[i * positions + p];
            for (size_t k = i + 1; k < channels; k++)
                sum = __builtin_fma(-u[i * channels + k], v[k * positions + p], sum);
            v[i * positions + p] = sum / s[i];
        }
}

static inline void REFERENCE(solve_unit_lower)(const double *l, size_t channels, double *v,
                                               size_t positions) {
    forward_from(l, channels, v, 0, positions);
}

static inline void REFERENCE(solve_upper)(const double *u, const double *s, size_t channels,
                                          double *v, size_t positions) {
    backward_from(u, s, channels, v, 0, positions);
}
