// Substitution in a triangular system over the channels of an image: each block of positions goes
// through all channels while it is in the first-level cache.

/// acc[b] ← acc[b] − Σ coefficient[k] · v[k] for first ≤ k < last, v[k] being V vectors (at most 8,
/// a constant number) of positions of channel k.
INLINE void subtract_channels(const size_t V, doubles *acc, const double *coefficient, size_t first,
                              size_t last, const double *v, size_t positions) {
    for (size_t k = first; k < last; k++) {
        doubles negated = (doubles)-coefficient[k];
        UNROLLED(b, V)
            acc[b] = fma_f64(negated, load_f64(v + k * positions + b * LANES_F64), acc[b]);
    }
}

/// V vectors of positions, forward through all channels.
INLINE void forward_block(const size_t V, const double *l, size_t channels, double *v,
                          size_t positions) {
    for (size_t i = 0; i < channels; i++) {
        double *own = v + i * positions;
        doubles acc[8];
        UNROLLED(b, V) acc[b] = load_f64(own + b * LANES_F64);
        subtract_channels(V, acc, l + i * channels, 0, i, v, positions);
        UNROLLED(b, V) store_f64(own + b * LANES_F64, acc[b]);
    }
}

/// V vectors of positions, backward through all channels.
INLINE void backward_block(const size_t V, const double *u, const double *s, size_t channels,
                           double *v, size_t positions) {
    for (size_t i = channels; i-- > 0;) {
        double *own = v + i * positions;
        doubles acc[8];
        UNROLLED(b, V) acc[b] = load_f64(own + b * LANES_F64);
        subtract_channels(V, acc, u + i * channels, i + 1, channels, v, positions);
        // A quotient by exactly 1 changes nothing, and a unit diagonal needs none.
        if (s[i] != 1)
            UNROLLED(b, V) acc[b] /= (doubles)s[i];
        UNROLLED(b, V) store_f64(own + b * LANES_F64, acc[b]);
    }
}

static void kernel_solve_unit_lower(const double *l, size_t channels, double *v, size_t positions) {
    size_t p = 0;
    for (; p + 8 * LANES_F64 <= positions; p += 8 * LANES_F64)
        forward_block(8, l, channels, v + p, positions);
    for (; p + LANES_F64 <= positions; p += LANES_F64)
        forward_block(1, l, channels, v + p, positions);
    forward_from(l, channels, v, p, positions);
}

static void kernel_solve_upper(const double *u, const double *s, size_t channels, double *v,
                               size_t positions) {
    size_t p = 0;
    for (; p + 8 * LANES_F64 <= positions; p += 8 * LANES_F64)
        backward_block(8, u, s, channels, v + p, positions);
    for (; p + LANES_F64 <= positions; p += LANES_F64)
        backward_block(1, u, s, channels, v + p, positions);
    backward_from(u, s, channels, v, p, positions);
}
