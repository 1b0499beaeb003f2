// Triangular systems of a step's mixture of channels, a row of numbers a lane. The reference has vectors of one lane.

/// Rows from row i on, as many as there are lanes or `rows`.
INLINE void unmix_lanes(const float *lower, const float *upper, const float *bias,
                        const size_t *permutation, size_t depth, const float *mask, size_t period,
                        const float *x, float *y, size_t i, size_t rows) {
    vf number[CK_UNMIX_DEPTH], missing[CK_UNMIX_DEPTH];
    float *numbers = (float *)number, *masks = (float *)missing;
    for (size_t l = 0; l < SINGLE_LANES; l++) {
        // A lane without a row repeats the last one.
        size_t row = i + (l < rows ? l : rows - 1);
        for (size_t k = 0; k < depth; k++) numbers[k * SINGLE_LANES + l] = x[row * depth + k];
        if (!mask) continue;
        const float *m = mask + row % period * depth;
        for (size_t k = 0; k < depth; k++) masks[k * SINGLE_LANES + l] = m[k];
    }
    for (size_t k = 0; k < depth; k++) number[k] -= bias[k];
    // A known number becomes 0 before it is a pivot.
    for (size_t k = 0; k < depth; k++) {
        if (mask) number[k] *= missing[k];
        for (size_t j = k + 1; j < depth; j++)
            number[j] = fma_f(-(vf)lower[k * depth + j], number[k], number[j]);
    }
    for (size_t k = depth; k-- > 0;) {
        const float *row = upper + permutation[k] * depth;
        if (mask) number[k] *= missing[k];
        number[k] /= row[k];
        for (size_t j = 0; j < k; j++) number[j] = fma_f(-(vf)row[j], number[k], number[j]);
    }
    for (size_t l = 0; l < rows; l++) {
        const float *source = x + (i + l) * depth;
        float *target = y + (i + l) * depth;
        for (size_t k = 0; k < depth; k++) {
            bool is_missing = !mask || masks[k * SINGLE_LANES + l] != 0;
            target[permutation[k]] = is_missing ? numbers[k * SINGLE_LANES + l] : source[k];
        }
    }
}

static void kernel_unmix(const float *lower, const float *upper, const float *bias,
                         const size_t *permutation, size_t depth, const float *mask, size_t period,
                         const float *x, float *y, size_t rows) {
    for (size_t i = 0; i < rows; i += SINGLE_LANES)
        unmix_lanes(lower, upper, bias, permutation, depth, mask, period, x, y, i,
                    rows - i < SINGLE_LANES ? rows - i : SINGLE_LANES);
}
