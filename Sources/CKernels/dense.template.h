// Template of the dense kernels: WIDTH lanes of binary32, NAME(f) the function's name.

typedef float NAME(floats) __attribute__((ext_vector_type(WIDTH), aligned(4)));
typedef int32_t NAME(ints) __attribute__((ext_vector_type(WIDTH), aligned(4)));
typedef _Float16 NAME(halves) __attribute__((ext_vector_type(WIDTH), aligned(2)));

#define FLOATS NAME(floats)
#define LOAD_F32(p) (*(const FLOATS *)(p))
#define LOAD_F16(p) __builtin_convertvector(*(const NAME(halves) *)(p), FLOATS)
#define FMA(a, b, c) __builtin_elementwise_fma((FLOATS)(a), b, c)
#define STORE(p, v) (*(FLOATS *)(p) = (v))

// A group's 32 columns of eight rows a pass, so that an accumulator is loaded and stored once for
// eight products. The rows lie anywhere: those of the next pass are prefetched meanwhile. `rows` is
// constant.
#define AXPY(SUFFIX, WEIGHT, LOAD)                                                                  \
    static inline __attribute__((always_inline)) void NAME(axpy_few_##SUFFIX)(                      \
        const WEIGHT *restrict w, size_t stride, const uint32_t *restrict index,                    \
        const float *restrict x, const size_t rows, const uint32_t *restrict later, size_t laters,  \
        float *restrict acc, const uint32_t *restrict group, size_t groups) {                       \
        for (size_t k = 0; k < groups; k++) {                                                       \
            size_t j = 32 * (size_t)group[k];                                                       \
            for (size_t p = 0; p < laters; p++)                                                     \
                for (size_t b = 0; b < 32 * sizeof(WEIGHT); b += 64)                                \
                    __builtin_prefetch((const char *)(w + later[p] * stride + j) + b);              \
            FLOATS a[32 / WIDTH];                                                                   \
            _Pragma("clang loop unroll(full)") for (size_t l = 0; l < 32; l += WIDTH)               \
                a[l / WIDTH] = LOAD_F32(acc + j + l);                                               \
            _Pragma("clang loop unroll(full)") for (size_t r = 0; r < rows; r++) {                  \
                const WEIGHT *row = w + index[r] * stride + j;                                      \
                _Pragma("clang loop unroll(full)") for (size_t l = 0; l < 32; l += WIDTH)           \
                    a[l / WIDTH] = FMA(x[r], LOAD(row + l), a[l / WIDTH]);                          \
            }                                                                                       \
            _Pragma("clang loop unroll(full)") for (size_t l = 0; l < 32; l += WIDTH)               \
                STORE(acc + j + l, a[l / WIDTH]);                                                   \
        }                                                                                           \
    }                                                                                               \
    static void NAME(axpy_rows_##SUFFIX)(                                                           \
        const WEIGHT *w, size_t stride, const uint32_t *index, const float *x, size_t count,        \
        float *acc, const uint32_t *group, size_t groups) {                                         \
        size_t k = 0;                                                                               \
        for (; k + 8 <= count; k += 8) {                                                            \
            size_t laters = count - k - 8 < 8 ? count - k - 8 : 8;                                  \
            NAME(axpy_few_##SUFFIX)                                                                 \
            (w, stride, index + k, x + k, 8, index + k + 8, laters, acc, group, groups);            \
        }                                                                                           \
        if (count - k >= 4) {                                                                       \
            NAME(axpy_few_##SUFFIX)                                                                 \
            (w, stride, index + k, x + k, 4, index, 0, acc, group, groups);                         \
            k += 4;                                                                                 \
        }                                                                                           \
        if (count - k >= 2) {                                                                       \
            NAME(axpy_few_##SUFFIX)                                                                 \
            (w, stride, index + k, x + k, 2, index, 0, acc, group, groups);                         \
            k += 2;                                                                                 \
        }                                                                                           \
        if (count > k)                                                                              \
            NAME(axpy_few_##SUFFIX)                                                                 \
            (w, stride, index + k, x + k, 1, index, 0, acc, group, groups);                         \
    }
AXPY(f16, uint16_t, LOAD_F16)
AXPY(f32, float, LOAD_F32)
#undef AXPY

/// Folds 32 lanes, held in 32/WIDTH vectors, as the plain reference's tree does.
static inline float NAME(fold)(const FLOATS *lanes) {
    float lane[32];
    for (size_t l = 0; l < 32; l += WIDTH) STORE(lane + l, lanes[l / WIDTH]);
    typedef float v16 __attribute__((ext_vector_type(16), aligned(4)));
    v16 s = *(v16 *)lane + *(v16 *)(lane + 16);
    float __attribute__((ext_vector_type(8))) e = s.lo + s.hi;
    float __attribute__((ext_vector_type(4))) q = e.lo + e.hi;
    float __attribute__((ext_vector_type(2))) d = q.lo + q.hi;
    return d.x + d.y;
}

// Three rows at a time share the loads of g; the three after them are prefetched meanwhile.
#define DOT(SUFFIX, WEIGHT, LOAD)                                                                   \
    static inline __attribute__((always_inline)) void NAME(dot_few_##SUFFIX)(                       \
        const WEIGHT *restrict w, size_t stride, const uint32_t *restrict index, const size_t rows, \
        const uint32_t *restrict later, const float *restrict g, float *restrict out,               \
        const uint32_t *restrict group, size_t groups) {                                            \
        FLOATS a[3][32 / WIDTH];                                                                    \
        for (size_t r = 0; r < rows; r++)                                                           \
            for (size_t l = 0; l < 32 / WIDTH; l++) a[r][l] = (FLOATS)0;                            \
        for (size_t k = 0; k < groups; k++) {                                                       \
            size_t j = 32 * (size_t)group[k];                                                       \
            for (size_t r = 0; r < rows; r++)                                                       \
                for (size_t b = 0; b < 32 * sizeof(WEIGHT); b += 64)                                \
                    __builtin_prefetch((const char *)(w + later[r] * stride + j) + b);              \
            _Pragma("clang loop unroll(full)") for (size_t l = 0; l < 32; l += WIDTH) {             \
                FLOATS gv = LOAD_F32(g + j + l);                                                    \
                for (size_t r = 0; r < rows; r++)                                                   \
                    a[r][l / WIDTH] =                                                               \
                        FMA(gv, LOAD(w + index[r] * stride + j + l), a[r][l / WIDTH]);              \
            }                                                                                       \
        }                                                                                           \
        for (size_t r = 0; r < rows; r++) out[r] = NAME(fold)(a[r]);                                \
    }                                                                                               \
    static void NAME(dot_rows_##SUFFIX)(                                                            \
        const WEIGHT *w, size_t stride, const uint32_t *index, size_t count, const float *g,        \
        float *out, const uint32_t *group, size_t groups) {                                         \
        size_t k = 0;                                                                               \
        for (; k + 3 <= count; k += 3) {                                                            \
            const uint32_t *later = index + (k + 6 <= count ? k + 3 : k);                           \
            NAME(dot_few_##SUFFIX)(w, stride, index + k, 3, later, g, out + k, group, groups);      \
        }                                                                                           \
        for (; k < count; k++)                                                                              \
            NAME(dot_few_##SUFFIX)(w, stride, index + k, 1, index + k, g, out + k, group, groups);  \
    }
DOT(f16, uint16_t, LOAD_F16)
DOT(f32, float, LOAD_F32)
#undef DOT

#define SQUARES(SUFFIX, WEIGHT, LOAD)                                                               \
    static void NAME(add_squares_##SUFFIX)(const WEIGHT *w, float *acc, size_t n) {                 \
        size_t j = 0;                                                                               \
        for (; j + WIDTH <= n; j += WIDTH) {                                                        \
            FLOATS v = LOAD(w + j);                                                                 \
            STORE(acc + j, FMA(v, v, LOAD_F32(acc + j)));                                           \
        }                                                                                           \
        add_squares_##SUFFIX##_plain(w + j, acc + j, n - j);                                        \
    }
SQUARES(f16, uint16_t, LOAD_F16)
SQUARES(f32, float, LOAD_F32)
#undef SQUARES

static void NAME(half_from_float)(const float *x, uint16_t *h, size_t n) {
    size_t j = 0;
    for (; j + WIDTH <= n; j += WIDTH)
        *(NAME(halves) *)(h + j) = __builtin_convertvector(LOAD_F32(x + j), NAME(halves));
    half_from_float_plain(x + j, h + j, n - j);
}

static void NAME(float_from_half)(const uint16_t *h, float *x, size_t n) {
    size_t j = 0;
    for (; j + WIDTH <= n; j += WIDTH) STORE(x + j, LOAD_F16(h + j));
    float_from_half_plain(h + j, x + j, n - j);
}

#undef FLOATS
#undef LOAD_F32
#undef LOAD_F16
#undef FMA
#undef STORE
