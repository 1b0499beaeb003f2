// Sums over arrays of doubles in 16 lanes: 16 elements at a time as one vector, the rest as the
// reference has it.

typedef double sum_lanes __attribute__((ext_vector_type(16)));
typedef double unaligned_sum_lanes __attribute__((ext_vector_type(16), aligned(8)));
#define ROW(x) (*(const unaligned_sum_lanes *)((x) + i))

static double kernel_sum(const double *x, size_t n) {
    sum_lanes sums = 0;
    size_t i = 0;
    for (; i + SUM_LANES <= n; i += SUM_LANES) sums += ROW(x);
    double lane[SUM_LANES];
    memcpy(lane, &sums, sizeof lane);
    for (int l = 0; i < n; i++, l++) lane[l] += x[i];
    return fold_sum(lane);
}

static double kernel_dot(const double *a, const double *b, size_t n) {
    sum_lanes sums = 0;
    size_t i = 0;
    for (; i + SUM_LANES <= n; i += SUM_LANES) sums += ROW(a) * ROW(b);
    double lane[SUM_LANES];
    memcpy(lane, &sums, sizeof lane);
    for (int l = 0; i < n; i++, l++) lane[l] += a[i] * b[i];
    return fold_sum(lane);
}

static double kernel_squared_deviations(const double *x, double center, size_t n) {
    sum_lanes sums = 0;
    size_t i = 0;
    for (; i + SUM_LANES <= n; i += SUM_LANES) {
        sum_lanes deviation = ROW(x) - center;
        sums += deviation * deviation;
    }
    double lane[SUM_LANES];
    memcpy(lane, &sums, sizeof lane);
    for (int l = 0; i < n; i++, l++) {
        double deviation = x[i] - center;
        lane[l] += deviation * deviation;
    }
    return fold_sum(lane);
}

#undef ROW
