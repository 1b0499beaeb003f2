// Y = A X + b over the channels of an image, one number at a time: the reference.

static inline void REFERENCE(mix_channels)(const double *a, size_t outputs, size_t inputs,
                                           const double *bias, const double *x, double *y,
                                           size_t positions) {
    for (size_t i = 0; i < outputs; i++)
        for (size_t p = 0; p < positions; p++) {
            double sum = bias ? bias[i] : 0;
            for (size_t k = 0; k < inputs; k++)
                sum = __builtin_fma(a[i * inputs + k], x[k * positions + p], sum);
            y[i * positions + p] = sum;
        }
}
