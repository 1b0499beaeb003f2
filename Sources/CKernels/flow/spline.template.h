// Monotonic rational-quadratic splines (Durkan, Bekasov, Murray, Papamakarios, "Neural spline flows", 2019, 2.1 and
// 2.2), a vector of numbers at a time. The reference has vectors of one lane.

/// Outputs of the network that a number has: log-scale, shift, K widths, K heights, K − 1 slopes.
#define SPLINE_OUTPUTS(K) (3 * (K) + 1)
#define SPLINE_MOST_OUTPUTS SPLINE_OUTPUTS(CK_SPLINE_BINS)

/// The outputs of the numbers from number n on, one vector an output; lanes without a number repeat the last one's.
INLINE void load_outputs(const ck_spline *s, size_t K, size_t n, size_t count, vf *out) {
    size_t outputs = SPLINE_OUTPUTS(K), moved = s->moved;
#if SINGLE_LANES > 1
    enum { HALF = SINGLE_LANES / 2 };
    if (count == SINGLE_LANES && moved % HALF == 0) {
        size_t m = n + HALF;
        const float *low = s->outputs + n / moved * moved * outputs + n % moved;
        const float *high = s->outputs + m / moved * moved * outputs + m % moved;
        for (size_t q = 0; q < outputs; q++) {
            memcpy(out + q, low + q * moved, HALF * sizeof *low);
            memcpy((float *)(out + q) + HALF, high + q * moved, HALF * sizeof *high);
        }
        return;
    }
#endif
    for (size_t l = 0; l < SINGLE_LANES; l++) {
        size_t m = n + (l < count ? l : count - 1);
        const float *source = s->outputs + m / moved * moved * outputs + m % moved;
        for (size_t q = 0; q < outputs; q++) ((float *)(out + q))[l] = source[q * moved];
    }
}

/// The reverse, of `count` numbers.
INLINE void store_outputs(const ck_spline *s, size_t K, size_t n, size_t count, const vf *in,
                          float *target) {
    size_t outputs = SPLINE_OUTPUTS(K), moved = s->moved;
#if SINGLE_LANES > 1
    enum { HALF = SINGLE_LANES / 2 };
    if (count == SINGLE_LANES && moved % HALF == 0) {
        size_t m = n + HALF;
        float *low = target + n / moved * moved * outputs + n % moved;
        float *high = target + m / moved * moved * outputs + m % moved;
        for (size_t q = 0; q < outputs; q++) {
            memcpy(low + q * moved, in + q, HALF * sizeof *low);
            memcpy(high + q * moved, (const float *)(in + q) + HALF, HALF * sizeof *high);
        }
        return;
    }
#endif
    for (size_t l = 0; l < count; l++) {
        float *place = target + (n + l) / moved * moved * outputs + (n + l) % moved;
        for (size_t q = 0; q < outputs; q++) place[q * moved] = ((const float *)(in + q))[l];
    }
}

/// Up to SINGLE_LANES numbers of an array, and back.
INLINE vf load_some(const float *x, size_t n, size_t count) {
    if (count == SINGLE_LANES) return load_f(x + n);
    float rest[SINGLE_LANES] = {0};
    memcpy(rest, x + n, count * sizeof *x);
    return load_f(rest);
}
INLINE void store_some(float *x, size_t n, size_t count, vf value) {
    if (count == SINGLE_LANES) {
        store_f(x + n, value);
        return;
    }
    float rest[SINGLE_LANES];
    store_f(rest, value);
    memcpy(x + n, rest, count * sizeof *x);
}

/// The shares of a softmax, each at least 1e-3, add up to 1.
#define LEAST_SHARE 1e-3f
/// softplus of this is 1 − 1e-3, about: a slope of 1 for the output 0.
#define SLOPE_OFFSET 0.5413f

/// e^(x − largest) of K numbers and the reciprocal of their sum.
INLINE vf softmax(size_t K, const vf *x, vf *power) {
    vf largest = x[0], total = 0;
    for (size_t k = 1; k < K; k++) largest = x[k] > largest ? x[k] : largest;
    for (size_t k = 0; k < K; k++) {
        power[k] = lane_expf(x[k] - largest);
        total += power[k];
    }
    return 1 / total;
}

/// The bin of a number.
typedef struct {
    /// Where it begins, and its size, in x and in y.
    vf left, width, bottom, height;
    /// The outputs that its slopes are made of, and the slopes.
    vf output0, output1, slope0, slope1;
    /// Its number.
    vi bin;
    /// Of the widths and the heights: e^output, and what it is multiplied with.
    vf powers[2][CK_SPLINE_BINS], shares[2];
} spline_bin;

/// The bin that `at` lies in, by its place in x (axis 0) or in y (1). `out`: the network's outputs.
INLINE void find_bin(size_t K, const vf *out, vf bound, vf at, int axis, spline_bin *b) {
    vf extent = 2 * bound, begin[2] = {-bound, -bound};
    for (int a = 0; a < 2; a++) b->shares[a] = softmax(K, out + 2 + a * K, b->powers[a]);
    vf rest = (vf)(1 - LEAST_SHARE * (float)K);
    const vf *slopes = out + 2 + 2 * K;
    b->bin = (vi){0};
    for (size_t k = 0; k < K; k++) {
        vf size[2];
        for (int a = 0; a < 2; a++)
            size[a] = extent * fma_f(rest * b->powers[a][k], b->shares[a], (vf)LEAST_SHARE);
        if (k == 0) {
            b->left = begin[0];
            b->bottom = begin[1];
            b->width = size[0];
            b->height = size[1];
            b->output0 = 0;
            b->output1 = slopes[0];
        } else {
            vi take = at >= begin[axis];
            b->left = take ? begin[0] : b->left;
            b->bottom = take ? begin[1] : b->bottom;
            b->width = take ? size[0] : b->width;
            b->height = take ? size[1] : b->height;
            b->output0 = take ? slopes[k - 1] : b->output0;
            b->output1 = take ? (k + 1 < K ? slopes[k] : (vf)0.0f) : b->output1;
            b->bin = take ? (vi){0} + (int)k : b->bin;
        }
        for (int a = 0; a < 2; a++) begin[a] += size[a];
    }
    vf slope0 = LEAST_SHARE + lane_softplusf(b->output0 + SLOPE_OFFSET);
    vf slope1 = LEAST_SHARE + lane_softplusf(b->output1 + SLOPE_OFFSET);
    b->slope0 = b->bin == 0 ? (vf)1.0f : slope0;
    b->slope1 = b->bin == (int)K - 1 ? (vf)1.0f : slope1;
}

/// The rational quadratic in a bin at θ in 0…1, and its parts.
typedef struct {
    vf theta, rest, product;
    /// Height / width; the fraction's numerator and denominator; the numerator of the derivative.
    vf ratio, above, below, rise;
} spline_part;

INLINE spline_part evaluate_bin(const spline_bin *b, vf theta) {
    spline_part p;
    p.theta = theta;
    p.rest = 1 - theta;
    p.product = theta * p.rest;
    p.ratio = b->height / b->width;
    p.above = fma_f(p.ratio * theta, theta, b->slope0 * p.product);
    p.below = fma_f(b->slope0 + b->slope1 - 2 * p.ratio, p.product, p.ratio);
    p.rise =
        fma_f(b->slope1 * theta, theta, fma_f(2 * p.ratio, p.product, b->slope0 * p.rest * p.rest));
    return p;
}

/// log of the derivative.
INLINE vf log_slope(const spline_part *p) {
    vf factor = p->ratio / p->below;
    return lane_logf(factor * factor * p->rise);
}

INLINE vi is_inside(vf x, vf bound) { return (x > -bound) & (x < bound); }
INLINE vf held(vf x, vf bound) {
    x = x > -bound ? x : -bound;
    return x < bound ? x : bound;
}

INLINE void spline_lanes(const ck_spline *s, size_t K, const float *x, const float *mask,
                         float *log_scale, float *y, size_t n, size_t count) {
    vf out[SPLINE_MOST_OUTPUTS], bound = (vf)s->bound;
    load_outputs(s, K, n, count, out);
    vf number = load_some(x, n, count), a = bounded_log_scale(out[0]);
    spline_bin b;
    vf at = held(number, bound);
    find_bin(K, out, bound, at, 0, &b);
    spline_part p = evaluate_bin(&b, (at - b.left) / b.width);
    vi inside = is_inside(number, bound);
    vf v = inside ? fma_f(b.height, p.above / p.below, b.bottom) : number;
    vf steepness = inside ? log_slope(&p) : (vf)0.0f;
    vf total = steepness + a, moved = fma_f(v, lane_expf(a), out[1]);
    if (mask) {
        vf m = load_some(mask, n, count);
        total *= m;
        moved = number + m * (moved - number);
    }
    store_some(log_scale, n, count, total);
    store_some(y, n, count, moved);
}

INLINE void spline_inverse_lanes(const ck_spline *s, size_t K, const float *x, const float *mask,
                                 float *log_scale, float *y, size_t n, size_t count) {
    vf out[SPLINE_MOST_OUTPUTS], bound = (vf)s->bound;
    load_outputs(s, K, n, count, out);
    vf number = load_some(x, n, count), a = bounded_log_scale(out[0]);
    vf v = (number - out[1]) / lane_expf(a);
    spline_bin b;
    vf at = held(v, bound);
    find_bin(K, out, bound, at, 1, &b);
    vf ratio = b.height / b.width, above = at - b.bottom;
    vf bend = b.slope0 + b.slope1 - 2 * ratio;
    vf square = fma_f(above, bend, b.height * (ratio - b.slope0));
    vf linear = fma_f(-above, bend, b.height * b.slope0), constant = -ratio * above;
    vf discriminant = fma_f(linear, linear, -4 * square * constant);
    discriminant = discriminant > 0 ? discriminant : (vf)0.0f;
    vf theta = 2 * constant / (-linear - __builtin_elementwise_sqrt(discriminant));
    spline_part p = evaluate_bin(&b, theta);
    vi inside = is_inside(v, bound);
    vf back = inside ? fma_f(theta, b.width, b.left) : v;
    vf total = (inside ? log_slope(&p) : (vf)0.0f) + a;
    if (mask) {
        vf m = load_some(mask, n, count);
        total *= m;
        back = number + m * (back - number);
    }
    store_some(log_scale, n, count, total);
    store_some(y, n, count, back);
}

/// What flows back through a softmax of K outputs, of which the bin's begins after `before` and is `own` long: the
/// gradients with respect to where the bin begins and how long it is.
INLINE void softmax_slopes(size_t K, const vf *power, vf share, vf factor, vi bin, vf before,
                           vf own, vf *slopes) {
    vf mean = 0;
    for (size_t k = 0; k < K; k++) {
        vf slope = factor * (bin > (int)k ? before : bin == (int)k ? own : (vf)0.0f);
        slopes[k] = slope;
        mean = fma_f(power[k] * share, slope, mean);
    }
    for (size_t k = 0; k < K; k++) slopes[k] = power[k] * share * (slopes[k] - mean);
}

INLINE void spline_slopes_lanes(const ck_spline *s, size_t K, const float *x, const float *mask,
                                float weight, float *g, float *slopes, size_t n, size_t count) {
    vf out[SPLINE_MOST_OUTPUTS], bound = (vf)s->bound;
    load_outputs(s, K, n, count, out);
    vf number = load_some(x, n, count), slope = load_some(g, n, count), m = (vf)1.0f;
    if (mask) m = load_some(mask, n, count);
    vf a = bounded_log_scale(out[0]), scale = lane_expf(a), at = held(number, bound);
    spline_bin b;
    find_bin(K, out, bound, at, 0, &b);
    spline_part p = evaluate_bin(&b, (at - b.left) / b.width);
    vi inside = is_inside(number, bound);
    vf fraction = p.above / p.below;
    vf v = inside ? fma_f(b.height, fraction, b.bottom) : number;
    // With respect to the affine map's output, log-scale and input.
    vf moved = m * slope, steep = m * weight;
    vf in[SPLINE_MOST_OUTPUTS];
    in[0] = fma_f(moved * v, scale, steep) * fma_f((vf)-0.25f * a, a, (vf)1.0f);
    in[1] = moved;
    vf gv = moved * scale;
    // With respect to the bin's numbers: θ, height / width, both slopes.
    vf across = 1 / b.width, reciprocal = 1 / p.below, climb = 1 / p.rise;
    vf turn = 1 - 2 * p.theta, bend = b.slope0 + b.slope1 - 2 * p.ratio;
    vf rise = 2 * (fma_f(b.slope1, p.theta, p.ratio * turn) - b.slope0 * p.rest);
    vf lift = b.height * reciprocal;
    vf theta = fma_f(gv * lift, p.ratio * p.rise * reciprocal,
                     steep * (rise * climb - 2 * bend * turn * reciprocal));
    vf even = 1 - 2 * p.product;
    vf ratio = fma_f(gv * lift, fma_f(p.theta, p.theta, -fraction * even),
                     2 * steep * (1 / p.ratio + p.product * climb - even * reciprocal));
    vf common = gv * lift * p.product, loss = 2 * steep * p.product * reciprocal;
    vf slope0 = fma_f(common, 1 - fraction, fma_f(steep * climb, p.rest * p.rest, -loss));
    vf slope1 = fma_f(-common, fraction, fma_f(steep * climb, p.theta * p.theta, -loss));
    // Where the number is outside, none of them has an effect.
    vf zero = (vf)0.0f;
    theta = inside ? theta : zero;
    ratio = inside ? ratio : zero;
    slope0 = inside ? slope0 : zero;
    slope1 = inside ? slope1 : zero;
    vf rising = inside ? gv : zero;
    vf width = -fma_f(theta, p.theta, ratio * p.ratio) * across;
    vf height = fma_f(rising, fraction, ratio * across);
    vf factor = (vf)(1 - LEAST_SHARE * (float)K) * 2 * bound;
    softmax_slopes(K, b.powers[0], b.shares[0], factor, b.bin, -theta * across, width, in + 2);
    softmax_slopes(K, b.powers[1], b.shares[1], factor, b.bin, rising, height, in + 2 + K);
    slope0 *= lane_sigmoidf(b.output0 + SLOPE_OFFSET);
    slope1 *= lane_sigmoidf(b.output1 + SLOPE_OFFSET);
    for (size_t k = 0; k + 1 < K; k++)
        in[2 + 2 * K + k] = b.bin == (int)k + 1 ? slope0 : b.bin == (int)k ? slope1 : zero;
    store_outputs(s, K, n, count, in, slopes);
    vf through = inside ? theta * across : gv;
    store_some(g, n, count, mask ? fma_f(-m, slope, slope) + through : through);
}

// With a number of bins that the compiler knows, and with any.
#define EACH_SPLINE(lanes)                                          \
    for (size_t i = 0; i < n; i += SINGLE_LANES) {                  \
        size_t count = n - i < SINGLE_LANES ? n - i : SINGLE_LANES; \
        if (s->bins == 8)                                           \
            lanes(8);                                               \
        else                                                        \
            lanes(s->bins);                                         \
    }

static void kernel_spline_map(const ck_spline *s, const float *x, const float *mask,
                              float *log_scale, float *y, size_t n) {
#define LANES_OF(K) spline_lanes(s, K, x, mask, log_scale, y, i, count)
    EACH_SPLINE(LANES_OF)
#undef LANES_OF
}

static void kernel_spline_inverse(const ck_spline *s, const float *x, const float *mask,
                                  float *log_scale, float *y, size_t n) {
#define LANES_OF(K) spline_inverse_lanes(s, K, x, mask, log_scale, y, i, count)
    EACH_SPLINE(LANES_OF)
#undef LANES_OF
}

static void kernel_spline_slopes(const ck_spline *s, const float *x, const float *mask,
                                 float weight, float *g, float *slopes, size_t n) {
#define LANES_OF(K) spline_slopes_lanes(s, K, x, mask, weight, g, slopes, i, count)
    EACH_SPLINE(LANES_OF)
#undef LANES_OF
}
#undef EACH_SPLINE
