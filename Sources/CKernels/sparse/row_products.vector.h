// Products of a weight matrix with sparse vectors, a register at a time. A template of
// for_each_precision.h.

/// Prefetches a group of 32 columns of a row: one cache line of halves, two of floats.
INLINE void OF(prefetch_group)(const WEIGHT *columns) {
    for (size_t b = 0; b < 32 * sizeof(WEIGHT); b += 64)
        __builtin_prefetch((const char *)columns + b);
}

/// acc ← acc + Σ x[r] · row r for a few rows, a constant number where this is called. A group's 32
/// columns of all of them in one pass: an accumulator is loaded and stored once for all products.
/// The rows lie anywhere in memory, so those of the next pass, `later`, are prefetched meanwhile.
INLINE void OF(axpy_few)(const WEIGHT *restrict w, size_t stride, const uint32_t *restrict index,
                         const float *restrict x, const size_t rows, const uint32_t *restrict later,
                         size_t laters, float *restrict acc, const uint32_t *restrict group,
                         size_t groups) {
    for (size_t k = 0; k < groups; k++) {
        size_t j = 32 * (size_t)group[k];
        for (size_t p = 0; p < laters; p++) OF(prefetch_group)(w + later[p] * stride + j);
        floats sum[GROUP_REGISTERS];
        UNROLLED(b, GROUP_REGISTERS) sum[b] = load_f32(acc + j + b * LANES_F32);
        UNROLLED(r, rows) {
            const WEIGHT *row = w + index[r] * stride + j;
            UNROLLED(b, GROUP_REGISTERS)
                sum[b] = fma_f32((floats)x[r], LOAD_WEIGHTS(row + b * LANES_F32), sum[b]);
        }
        UNROLLED(b, GROUP_REGISTERS) store_f32(acc + j + b * LANES_F32, sum[b]);
    }
}

static void OF(kernel_axpy_rows)(const WEIGHT *w, size_t stride, const uint32_t *index,
                                 const float *x, size_t count, float *acc, const uint32_t *group,
                                 size_t groups) {
    size_t k = 0;
    for (; k + 8 <= count; k += 8) {
        size_t laters = count - k - 8 < 8 ? count - k - 8 : 8;
        OF(axpy_few)(w, stride, index + k, x + k, 8, index + k + 8, laters, acc, group, groups);
    }
    if (count - k >= 4) {
        OF(axpy_few)(w, stride, index + k, x + k, 4, index, 0, acc, group, groups);
        k += 4;
    }
    if (count - k >= 2) {
        OF(axpy_few)(w, stride, index + k, x + k, 2, index, 0, acc, group, groups);
        k += 2;
    }
    if (count > k) OF(axpy_few)(w, stride, index + k, x + k, 1, index, 0, acc, group, groups);
}

/// out[r] ← row r · g for a few rows (at most 3, a constant number), which share the loads of g.
/// As many rows, `later`, are prefetched meanwhile.
INLINE void OF(dot_few)(const WEIGHT *restrict w, size_t stride, const uint32_t *restrict index,
                        const size_t rows, const uint32_t *restrict later, const float *restrict g,
                        float *restrict out, const uint32_t *restrict group, size_t groups) {
    floats sum[3][GROUP_REGISTERS];
    for (size_t r = 0; r < rows; r++)
        for (size_t b = 0; b < GROUP_REGISTERS; b++) sum[r][b] = (floats)0;
    for (size_t k = 0; k < groups; k++) {
        size_t j = 32 * (size_t)group[k];
        for (size_t r = 0; r < rows; r++) OF(prefetch_group)(w + later[r] * stride + j);
        UNROLLED(b, GROUP_REGISTERS) {
            size_t column = j + b * LANES_F32;
            floats slopes = load_f32(g + column);
            for (size_t r = 0; r < rows; r++)
                sum[r][b] =
                    fma_f32(slopes, LOAD_WEIGHTS(w + index[r] * stride + column), sum[r][b]);
        }
    }
    for (size_t r = 0; r < rows; r++) out[r] = fold_registers(sum[r]);
}

static void OF(kernel_dot_rows)(const WEIGHT *w, size_t stride, const uint32_t *index, size_t count,
                                const float *g, float *out, const uint32_t *group, size_t groups) {
    size_t k = 0;
    for (; k + 3 <= count; k += 3) {
        const uint32_t *later = index + (k + 6 <= count ? k + 3 : k);
        OF(dot_few)(w, stride, index + k, 3, later, g, out + k, group, groups);
    }
    for (; k < count; k++)
        OF(dot_few)(w, stride, index + k, 1, index + k, g, out + k, group, groups);
}

static void OF(kernel_add_squares)(const WEIGHT *w, float *acc, size_t n) {
    size_t j = 0;
    for (; j + LANES_F32 <= n; j += LANES_F32) {
        floats v = LOAD_WEIGHTS(w + j);
        store_f32(acc + j, fma_f32(v, v, load_f32(acc + j)));
    }
    OF(plain_add_squares)(w + j, acc + j, n - j);
}
