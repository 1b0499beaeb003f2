// Sums over arrays of doubles in 16 lanes, one element at a time: the reference.

enum { SUM_LANES = 16 };

/// Lane l with lane l + 8, then + 4, + 2, + 1. The lanes are named, so that the order of additions
/// does not depend on the compiler.
INLINE double fold_sum(const double lane[SUM_LANES]) {
    double eight[8], four[4];
    for (int l = 0; l < 8; l++) eight[l] = lane[l] + lane[l + 8];
    for (int l = 0; l < 4; l++) four[l] = eight[l] + eight[l + 4];
    double first = four[0] + four[2], second = four[1] + four[3];
    return first + second;
}

static inline double REFERENCE(sum)(const double *x, size_t n) {
    double lane[SUM_LANES] = {0};
    for (size_t i = 0; i < n; i++) lane[i % SUM_LANES] += x[i];
    return fold_sum(lane);
}

static inline double REFERENCE(dot)(const double *a, const double *b, size_t n) {
    double lane[SUM_LANES] = {0};
    for (size_t i = 0; i < n; i++) {
        double product = a[i] * b[i];
        lane[i % SUM_LANES] += product;
    }
    return fold_sum(lane);
}

static inline double REFERENCE(squared_deviations)(const double *x, double center, size_t n) {
    double lane[SUM_LANES] = {0};
    for (size_t i = 0; i < n; i++) {
        double deviation = x[i] - center;
        double square = deviation * deviation;
        lane[i % SUM_LANES] += square;
    }
    return fold_sum(lane);
}
