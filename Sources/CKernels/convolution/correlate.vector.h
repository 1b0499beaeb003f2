// out ← out + G Xᵀ over the positions of an image, a block of rows and columns at a time. A block's
// sizes are constants where it is called; how the work is cut into blocks touches no sum.

#include "convolution/prefetch.h"

/// Columns of a block: no more than leave registers for the operands, since one accumulator in
/// memory halves the speed.
#if REGISTER == 32
#define CORRELATED 2
#else
#define CORRELATED 4
#endif

/// R rows (at most 4) by C columns (at most CORRELATED) of G Xᵀ. Where a register holds fewer
/// than 8 lanes, the lanes take turns: the planes are in the first-level cache by then. One block
/// of each column asks for the next image's.
INLINE void correlate_block(const size_t R, const size_t C, const bool asks,
                            const double *restrict g, const double *restrict x, size_t positions,
                            double *restrict out, size_t columns) {
    double lane[4][CORRELATED][8];
    for (size_t l = 0; l < 8; l += LANES_F64) {
        doubles acc[4][CORRELATED];
        UNROLLED(r, R)
            UNROLLED(c, C) acc[r][c] = (doubles)0;
        size_t p = l;
        for (; p + LANES_F64 <= positions; p += 8) {
            doubles xv[CORRELATED];
            if (asks && l == 0)
                UNROLLED(c, C) PREFETCH_AHEAD(x + p, (columns + c) * positions, 0);
            UNROLLED(c, C) xv[c] = load_f64(x + c * positions + p);
            UNROLLED(r, R) {
                doubles gv = load_f64(g + r * positions + p);
                UNROLLED(c, C) acc[r][c] = fma_f64(gv, xv[c], acc[r][c]);
            }
        }
        UNROLLED(r, R)
            UNROLLED(c, C) store_f64(lane[r][c] + l, acc[r][c]);
        // Fewer than LANES_F64 positions are left of this turn's: none, or the image's last ones.
        for (size_t e = 0; p + e < positions && e < LANES_F64; e++)
            UNROLLED(r, R)
                UNROLLED(c, C)
                    lane[r][c][l + e] = __builtin_fma(g[r * positions + p + e],
                                                      x[c * positions + p + e], lane[r][c][l + e]);
    }
    typedef double four __attribute__((ext_vector_type(4), aligned(8)));
    typedef double two __attribute__((ext_vector_type(2)));
    UNROLLED(r, R)
        UNROLLED(c, C) {
            four f = *(const four *)lane[r][c] + *(const four *)(lane[r][c] + 4);
            two t = f.lo + f.hi;
            out[r * columns + c] += t.x + t.y;
        }
}

/// R rows by all columns.
INLINE void correlate_rows(const size_t R, const bool asks, const double *g, const double *x,
                           size_t columns, size_t positions, double *out) {
    size_t k = 0;
    for (; k + CORRELATED <= columns; k += CORRELATED)
        correlate_block(R, CORRELATED, asks, g, x + k * positions, positions, out + k, columns);
    for (; k < columns; k++)
        correlate_block(R, 1, asks, g, x + k * positions, positions, out + k, columns);
}

static void kernel_correlate_channels(const double *g, size_t rows, const double *x, size_t columns,
                                      size_t positions, double *out) {
    size_t i = 0;
    if (rows >= 4) {
        correlate_rows(4, true, g, x, columns, positions, out);
        i = 4;
    }
    for (; i + 4 <= rows; i += 4)
        correlate_rows(4, false, g + i * positions, x, columns, positions, out + i * columns);
    for (; i < rows; i++)
        correlate_rows(1, false, g + i * positions, x, columns, positions, out + i * columns);
}

#undef CORRELATED
