// Template of the channel kernels: WIDTH lanes of binary64, NAME(f) the function's name,
// CORRELATED columns of a product of channels with channels a block.

typedef double NAME(doubles) __attribute__((ext_vector_type(WIDTH), aligned(8)));

#define DOUBLES NAME(doubles)
#define LOAD(p) (*(const DOUBLES *)(p))
#define STORE(p, v) (*(DOUBLES *)(p) = (v))
#define FMA(a, b, c) __builtin_elementwise_fma((DOUBLES)(a), b, c)
#define BLOCK static inline __attribute__((always_inline)) void
#define UNROLL _Pragma("clang loop unroll(full)")

// A block's sizes are constants where it is called, so that it is compiled for each of them and
// its accumulators stay in registers. How the work is cut into blocks touches no sum.

/// R outputs (at most 4) by V vectors (at most 2) of positions.
BLOCK NAME(mix_block)(const size_t R, const size_t V, const double *restrict a, size_t inputs,
                      const double *restrict bias, const double *restrict x, double *restrict y,
                      size_t positions) {
    DOUBLES acc[4][2];
    UNROLL for (size_t r = 0; r < R; r++)
        UNROLL for (size_t v = 0; v < V; v++) acc[r][v] = (DOUBLES)(bias ? bias[r] : 0);
    for (size_t k = 0; k < inputs; k++) {
        DOUBLES xv[2];
        UNROLL for (size_t v = 0; v < V; v++) xv[v] = LOAD(x + k * positions + v * WIDTH);
        UNROLL for (size_t r = 0; r < R; r++) {
            double coefficient = a[r * inputs + k];
            UNROLL for (size_t v = 0; v < V; v++) acc[r][v] = FMA(coefficient, xv[v], acc[r][v]);
        }
    }
    UNROLL for (size_t r = 0; r < R; r++)
        UNROLL for (size_t v = 0; v < V; v++) STORE(y + r * positions + v * WIDTH, acc[r][v]);
}

/// R outputs at the positions that `mix_block` leaves where there are fewer than a vector's.
BLOCK NAME(mix_rest)(const size_t R, const double *restrict a, size_t inputs,
                     const double *restrict bias, const double *restrict x, double *restrict y,
                     size_t positions) {
    for (size_t p = 0; p < positions; p++) {
        double acc[4];
        UNROLL for (size_t r = 0; r < R; r++) acc[r] = bias ? bias[r] : 0;
        for (size_t k = 0; k < inputs; k++)
            UNROLL for (size_t r = 0; r < R; r++)
                acc[r] = __builtin_fma(a[r * inputs + k], x[k * positions + p], acc[r]);
        UNROLL for (size_t r = 0; r < R; r++) y[r * positions + p] = acc[r];
    }
}

/// R outputs at all positions. The last vector may reach back over the one before it: it
/// computes the same numbers again.
BLOCK NAME(mix_rows)(const size_t R, const double *a, size_t inputs, const double *bias,
                     const double *x, double *y, size_t positions) {
    if (positions < WIDTH) {
        NAME(mix_rest)(R, a, inputs, bias, x, y, positions);
        return;
    }
    size_t p = 0;
    for (; p + 2 * WIDTH <= positions; p += 2 * WIDTH)
        NAME(mix_block)(R, 2, a, inputs, bias, x + p, y + p, positions);
    for (; p < positions; p += WIDTH) {
        if (p + WIDTH > positions) p = positions - WIDTH;
        NAME(mix_block)(R, 1, a, inputs, bias, x + p, y + p, positions);
    }
}

static void NAME(mix_channels)(const double *a, size_t outputs, size_t inputs, const double *bias,
                               const double *x, double *y, size_t positions) {
    size_t i = 0;
    for (; i + 4 <= outputs; i += 4)
        NAME(mix_rows)(4, a + i * inputs, inputs, bias ? bias + i : 0, x, y + i * positions, positions);
    for (; i < outputs; i++)
        NAME(mix_rows)(1, a + i * inputs, inputs, bias ? bias + i : 0, x, y + i * positions, positions);
}

/// R rows (at most 4) by C columns (at most CORRELATED) of G Xᵀ. Where a register holds fewer
/// than 8 lanes, the lanes take turns: the planes are in the first-level cache by then.
BLOCK NAME(correlate_block)(const size_t R, const size_t C, const double *restrict g,
                            const double *restrict x, size_t positions, double *restrict out,
                            size_t stride) {
    double lane[4][CORRELATED][8];
    for (size_t l = 0; l < 8; l += WIDTH) {
        DOUBLES acc[4][CORRELATED];
        UNROLL for (size_t r = 0; r < R; r++)
            UNROLL for (size_t c = 0; c < C; c++) acc[r][c] = (DOUBLES)0;
        size_t p = l;
        for (; p + WIDTH <= positions; p += 8) {
            DOUBLES xv[CORRELATED];
            UNROLL for (size_t c = 0; c < C; c++) xv[c] = LOAD(x + c * positions + p);
            UNROLL for (size_t r = 0; r < R; r++) {
                DOUBLES gv = LOAD(g + r * positions + p);
                UNROLL for (size_t c = 0; c < C; c++) acc[r][c] = FMA(gv, xv[c], acc[r][c]);
            }
        }
        UNROLL for (size_t r = 0; r < R; r++)
            UNROLL for (size_t c = 0; c < C; c++) STORE(lane[r][c] + l, acc[r][c]);
        // Fewer than WIDTH positions are left of this turn's: none, or the image's last ones.
        for (size_t e = 0; p + e < positions && e < WIDTH; e++)
            UNROLL for (size_t r = 0; r < R; r++)
                UNROLL for (size_t c = 0; c < C; c++)
                    lane[r][c][l + e] = __builtin_fma(g[r * positions + p + e],
                                                      x[c * positions + p + e], lane[r][c][l + e]);
    }
    typedef double four __attribute__((ext_vector_type(4), aligned(8)));
    typedef double two __attribute__((ext_vector_type(2)));
    UNROLL for (size_t r = 0; r < R; r++)
        UNROLL for (size_t c = 0; c < C; c++) {
            four f = *(const four *)lane[r][c] + *(const four *)(lane[r][c] + 4);
            two t = f.lo + f.hi;
            out[r * stride + c] += t.x + t.y;
        }
}

static void NAME(correlate_channels)(const double *g, size_t rows, const double *x,
                                     size_t columns, size_t positions, double *out) {
    size_t i = 0;
    for (; i + 4 <= rows; i += 4) {
        size_t k = 0;
        for (; k + CORRELATED <= columns; k += CORRELATED)
            NAME(correlate_block)(4, CORRELATED, g + i * positions, x + k * positions, positions,
                                  out + i * columns + k, columns);
        for (; k < columns; k++)
            NAME(correlate_block)(4, 1, g + i * positions, x + k * positions, positions,
                                  out + i * columns + k, columns);
    }
    for (; i < rows; i++)
        for (size_t k = 0; k < columns; k++)
            NAME(correlate_block)(1, 1, g + i * positions, x + k * positions, positions,
                                  out + i * columns + k, columns);
}

/// Channel i of V vectors (at most 8) of positions: v[i] − Σ coefficient[k]·v[k] for
/// first ≤ k < last, over `divisor`.
BLOCK NAME(solve_block)(const size_t V, const double *coefficient, size_t first, size_t last,
                        double divisor, double *v, size_t i, size_t positions) {
    DOUBLES acc[8];
    UNROLL for (size_t b = 0; b < V; b++) acc[b] = LOAD(v + i * positions + b * WIDTH);
    for (size_t k = first; k < last; k++) {
        double negated = -coefficient[k];
        UNROLL for (size_t b = 0; b < V; b++)
            acc[b] = FMA(negated, LOAD(v + k * positions + b * WIDTH), acc[b]);
    }
    // By 1 exactly nothing changes, and a unit triangle needs no quotients.
    if (divisor != 1) UNROLL for (size_t b = 0; b < V; b++) acc[b] /= (DOUBLES)divisor;
    UNROLL for (size_t b = 0; b < V; b++) STORE(v + i * positions + b * WIDTH, acc[b]);
}

#define SUBSTITUTE(VECTORS)                                                                  \
    if (s) {                                                                                 \
        for (size_t i = channels; i-- > 0;)                                                  \
            NAME(solve_block)(VECTORS, t + i * channels, i + 1, channels, s[i], v + p, i,    \
                              positions);                                                    \
    } else {                                                                                 \
        for (size_t i = 0; i < channels; i++)                                                \
            NAME(solve_block)(VECTORS, t + i * channels, 0, i, 1, v + p, i, positions);      \
    }

/// Forward substitution where `s` is null, backward with the diagonal s where it is not: each
/// block of positions goes through all channels while it is in the first-level cache.
static void NAME(substitute)(const double *t, const double *s, size_t channels, double *v,
                             size_t positions) {
    size_t p = 0;
    for (; p + 8 * WIDTH <= positions; p += 8 * WIDTH) { SUBSTITUTE(8) }
    for (; p + WIDTH <= positions; p += WIDTH) { SUBSTITUTE(1) }
    substitute_plain(t, s, channels, v, p, positions);
}
#undef SUBSTITUTE

static void NAME(add_products)(const double *a, const double *b, double *restrict y, size_t n) {
    size_t p = 0;
    for (; p + WIDTH <= n; p += WIDTH) STORE(y + p, FMA(LOAD(a + p), LOAD(b + p), LOAD(y + p)));
    for (; p < n; p++) y[p] = __builtin_fma(a[p], b[p], y[p]);
}

static void NAME(subtract_products)(const double *a, const double *b, double *restrict y, size_t n) {
    size_t p = 0;
    for (; p + WIDTH <= n; p += WIDTH) STORE(y + p, FMA(-LOAD(a + p), LOAD(b + p), LOAD(y + p)));
    for (; p < n; p++) y[p] = __builtin_fma(-a[p], b[p], y[p]);
}

#undef DOUBLES
#undef LOAD
#undef STORE
#undef FMA
#undef BLOCK
#undef UNROLL
