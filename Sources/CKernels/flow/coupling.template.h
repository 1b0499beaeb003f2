// Affine couplings, a vector of numbers at a time. The reference has vectors of one lane.

// What is left over and fills no vector is padded into one, so that its numbers go through the same operations.

INLINE vf bounded_log_scale(vf r) { return 2 * lane_tanhf((vf)0.5f * r); }

INLINE void couple_lanes(const float *r, const float *t, const float *x, const float *mask,
                         float *log_scale, float *scale, float *y) {
    vf a = bounded_log_scale(load_f(r)), factor = lane_expf(a), number = load_f(x);
    vf change = fma_f(number, factor - 1, load_f(t));
    if (mask) {
        vf m = load_f(mask);
        a *= m;
        change *= m;
    }
    store_f(log_scale, a);
    store_f(scale, factor);
    store_f(y, number + change);
}

static void kernel_couple(const float *r, const float *t, const float *x, const float *mask,
                          float *log_scale, float *scale, float *y, size_t n) {
    size_t i = 0;
    for (; n - i >= SINGLE_LANES; i += SINGLE_LANES)
        couple_lanes(r + i, t + i, x + i, mask ? mask + i : NULL, log_scale + i, scale + i, y + i);
    if (i == n) return;
    float rest[5][SINGLE_LANES] = {0}, rest_y[SINGLE_LANES];
    size_t bytes = (n - i) * sizeof *r;
    memcpy(rest[0], r + i, bytes);
    memcpy(rest[1], t + i, bytes);
    memcpy(rest[2], x + i, bytes);
    if (mask) memcpy(rest[3], mask + i, bytes);
    couple_lanes(rest[0], rest[1], rest[2], mask ? rest[3] : NULL, rest[4], rest[0], rest_y);
    memcpy(log_scale + i, rest[4], bytes);
    memcpy(scale + i, rest[0], bytes);
    memcpy(y + i, rest_y, bytes);
}

INLINE void uncouple_lanes(const float *r, const float *t, const float *x, const float *mask,
                           float *log_scale, float *y) {
    vf a = bounded_log_scale(load_f(r)), number = load_f(x);
    vf change = (number - load_f(t)) / lane_expf(a) - number;
    if (mask) {
        vf m = load_f(mask);
        a *= m;
        change *= m;
    }
    store_f(log_scale, a);
    store_f(y, number + change);
}

static void kernel_uncouple(const float *r, const float *t, const float *x, const float *mask,
                            float *log_scale, float *y, size_t n) {
    size_t i = 0;
    for (; n - i >= SINGLE_LANES; i += SINGLE_LANES)
        uncouple_lanes(r + i, t + i, x + i, mask ? mask + i : NULL, log_scale + i, y + i);
    if (i == n) return;
    float rest[5][SINGLE_LANES] = {0};
    size_t bytes = (n - i) * sizeof *r;
    memcpy(rest[0], r + i, bytes);
    memcpy(rest[1], t + i, bytes);
    memcpy(rest[2], x + i, bytes);
    if (mask) memcpy(rest[3], mask + i, bytes);
    uncouple_lanes(rest[0], rest[1], rest[2], mask ? rest[3] : NULL, rest[4], rest[2]);
    memcpy(log_scale + i, rest[4], bytes);
    memcpy(y + i, rest[2], bytes);
}

INLINE void couple_slopes_lanes(const float *x, const float *mask, const float *log_scale,
                                const float *scale, float weight, float *g, float *r_slope,
                                float *t_slope) {
    vf slope = load_f(g), factor = load_f(scale), a = load_f(log_scale);
    vf change = fma_f(slope * load_f(x), factor, (vf)weight), shift = slope;
    if (mask) {
        vf m = load_f(mask);
        change *= m;
        shift *= m;
    }
    // d a / d r = 1 − a² / 4.
    store_f(r_slope, change * fma_f((vf)-0.25f * a, a, (vf)1.0f));
    store_f(t_slope, shift);
    store_f(g, fma_f(shift, factor - 1, slope));
}

static void kernel_couple_slopes(const float *x, const float *mask, const float *log_scale,
                                 const float *scale, float weight, float *g, float *r_slope,
                                 float *t_slope, size_t n) {
    size_t i = 0;
    for (; n - i >= SINGLE_LANES; i += SINGLE_LANES)
        couple_slopes_lanes(x + i, mask ? mask + i : NULL, log_scale + i, scale + i, weight, g + i,
                            r_slope + i, t_slope + i);
    if (i == n) return;
    float rest[7][SINGLE_LANES] = {0};
    size_t bytes = (n - i) * sizeof *x;
    memcpy(rest[0], x + i, bytes);
    if (mask) memcpy(rest[1], mask + i, bytes);
    memcpy(rest[2], log_scale + i, bytes);
    memcpy(rest[3], scale + i, bytes);
    memcpy(rest[4], g + i, bytes);
    couple_slopes_lanes(rest[0], mask ? rest[1] : NULL, rest[2], rest[3], weight, rest[4], rest[5],
                        rest[6]);
    memcpy(g + i, rest[4], bytes);
    memcpy(r_slope + i, rest[5], bytes);
    memcpy(t_slope + i, rest[6], bytes);
}
