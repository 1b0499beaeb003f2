// Y = A X + b over the channels of an image, a block of outputs and positions at a time.
//
// A block's sizes are constants where it is called, so that it is compiled for each of them and its
// accumulators stay in registers. How the work is cut into blocks touches no sum.

#include "convolution/prefetch.h"

/// Outputs first … first + R − 1 (R at most 4) of `outputs` by V vectors (at most 2) of positions.
INLINE void mix_block(const size_t R, const size_t V, const double *restrict a, size_t outputs,
                      size_t first, size_t inputs, const double *restrict bias,
                      const double *restrict x, double *restrict y, size_t positions) {
    doubles acc[4][2];
    UNROLLED(r, R) {
        PREFETCH_AHEAD(x, (inputs + first + r) * positions, 0);
        PREFETCH_AHEAD(y, (outputs + r) * positions, 1);
    }
    UNROLLED(r, R)
        UNROLLED(v, V) acc[r][v] = (doubles)(bias ? bias[r] : 0);
    for (size_t k = 0; k < inputs; k++) {
        doubles xv[2];
        UNROLLED(v, V) xv[v] = load_f64(x + k * positions + v * LANES_F64);
        UNROLLED(r, R) {
            double coefficient = a[r * inputs + k];
            UNROLLED(v, V) acc[r][v] = fma_f64((doubles)coefficient, xv[v], acc[r][v]);
        }
    }
    UNROLLED(r, R)
        UNROLLED(v, V) store_f64(y + r * positions + v * LANES_F64, acc[r][v]);
}

/// R outputs at the positions that `mix_block` leaves where there are fewer than a vector's.
INLINE void mix_rest(const size_t R, const double *restrict a, size_t inputs,
                     const double *restrict bias, const double *restrict x, double *restrict y,
                     size_t positions) {
    for (size_t p = 0; p < positions; p++) {
        double acc[4];
        UNROLLED(r, R) acc[r] = bias ? bias[r] : 0;
        for (size_t k = 0; k < inputs; k++)
            UNROLLED(r, R) acc[r] = __builtin_fma(a[r * inputs + k], x[k * positions + p], acc[r]);
        UNROLLED(r, R) y[r * positions + p] = acc[r];
    }
}

/// R outputs at all positions. The last vector may reach back over the one before it: it
/// computes the same numbers again.
INLINE void mix_rows(const size_t R, const double *a, size_t outputs, size_t first, size_t inputs,
                     const double *bias, const double *x, double *y, size_t positions) {
    a += first * inputs;
    y += first * positions;
    if (bias) bias += first;
    if (positions < LANES_F64) {
        mix_rest(R, a, inputs, bias, x, y, positions);
        return;
    }
    size_t p = 0;
    for (; p + 2 * LANES_F64 <= positions; p += 2 * LANES_F64)
        mix_block(R, 2, a, outputs, first, inputs, bias, x + p, y + p, positions);
    for (; p < positions; p += LANES_F64) {
        if (p + LANES_F64 > positions) p = positions - LANES_F64;
        mix_block(R, 1, a, outputs, first, inputs, bias, x + p, y + p, positions);
    }
}

static void kernel_mix_channels(const double *a, size_t outputs, size_t inputs, const double *bias,
                                const double *x, double *y, size_t positions) {
    size_t i = 0;
    for (; i + 4 <= outputs; i += 4) mix_rows(4, a, outputs, i, inputs, bias, x, y, positions);
    for (; i < outputs; i++) mix_rows(1, a, outputs, i, inputs, bias, x, y, positions);
}
