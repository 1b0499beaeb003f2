// Template of the dense kernels: WIDTH lanes of binary32, NAME(f) the function's name.

typedef float NAME(floats) __attribute__((ext_vector_type(WIDTH), aligned(4)));
typedef int32_t NAME(ints) __attribute__((ext_vector_type(WIDTH), aligned(4)));
typedef _Float16 NAME(halves) __attribute__((ext_vector_type(WIDTH), aligned(2)));

#define FLOATS NAME(floats)
#define LOAD_F32(p) (*(const FLOATS *)(p))
#define LOAD_F16(p) __builtin_convertvector(*(const NAME(halves) *)(p), FLOATS)
#define FMA(a, b, c) __builtin_elementwise_fma((FLOATS)(a), b, c)
#define STORE(p, v) (*(FLOATS *)(p) = (v))

// Four rows a pass, so that an accumulator is loaded and stored once for four products; the
// next four rows are prefetched a cache line at a time meanwhile: they lie anywhere.
#define AXPY(SUFFIX, WEIGHT, LOAD)                                                              \
    static void NAME(axpy_rows_##SUFFIX)(const WEIGHT *restrict w, size_t stride, const uint32_t *restrict index, \
                                         const float *restrict x, size_t count, float *restrict acc, size_t n) {  \
        size_t k = 0;                                                                           \
        for (; k + 4 <= count; k += 4) {                                                        \
            const WEIGHT *w0 = w + index[k] * stride, *w1 = w + index[k + 1] * stride;          \
            const WEIGHT *w2 = w + index[k + 2] * stride, *w3 = w + index[k + 3] * stride;      \
            size_t last = count - 1;                                                            \
            const WEIGHT *p0 = w + index[k + 4 < last ? k + 4 : last] * stride;                 \
            const WEIGHT *p1 = w + index[k + 5 < last ? k + 5 : last] * stride;                 \
            const WEIGHT *p2 = w + index[k + 6 < last ? k + 6 : last] * stride;                 \
            const WEIGHT *p3 = w + index[k + 7 < last ? k + 7 : last] * stride;                 \
            float x0 = x[k], x1 = x[k + 1], x2 = x[k + 2], x3 = x[k + 3];                       \
            for (size_t j = 0; j < n; j += 32) {                                                \
                __builtin_prefetch(p0 + j);                                                     \
                __builtin_prefetch(p1 + j);                                                     \
                __builtin_prefetch(p2 + j);                                                     \
                __builtin_prefetch(p3 + j);                                                     \
                _Pragma("clang loop unroll(full)") for (size_t l = 0; l < 32; l += WIDTH) {     \
                    FLOATS a = LOAD_F32(acc + j + l);                                           \
                    a = FMA(x0, LOAD(w0 + j + l), a);                                           \
                    a = FMA(x1, LOAD(w1 + j + l), a);                                           \
                    a = FMA(x2, LOAD(w2 + j + l), a);                                           \
                    a = FMA(x3, LOAD(w3 + j + l), a);                                           \
                    STORE(acc + j + l, a);                                                      \
                }                                                                               \
            }                                                                                   \
        }                                                                                       \
        for (; k < count; k++) {                                                                \
            const WEIGHT *w0 = w + index[k] * stride;                                           \
            for (size_t j = 0; j < n; j += WIDTH)                                               \
                STORE(acc + j, FMA(x[k], LOAD(w0 + j), LOAD_F32(acc + j)));                     \
        }                                                                                       \
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

#define DOT(SUFFIX, WEIGHT, LOAD)                                                              \
    static void NAME(dot_rows_##SUFFIX)(const WEIGHT *restrict w, size_t stride, const uint32_t *restrict index, \
                                        size_t count, const float *restrict g, float *restrict out, size_t n) {  \
        size_t k = 0;                                                                          \
        for (; k + 2 <= count; k += 2) {                                                       \
            const WEIGHT *w0 = w + index[k] * stride, *w1 = w + index[k + 1] * stride;         \
            size_t last = count - 1;                                                           \
            const WEIGHT *p0 = w + index[k + 2 < last ? k + 2 : last] * stride;                \
            const WEIGHT *p1 = w + index[k + 3 < last ? k + 3 : last] * stride;                \
            FLOATS a[32 / WIDTH], b[32 / WIDTH];                                               \
            for (size_t l = 0; l < 32 / WIDTH; l++) a[l] = b[l] = (FLOATS)0;                   \
            for (size_t j = 0; j < n; j += 32) {                                               \
                __builtin_prefetch(p0 + j);                                                    \
                __builtin_prefetch(p1 + j);                                                    \
                _Pragma("clang loop unroll(full)") for (size_t l = 0; l < 32; l += WIDTH) {    \
                    FLOATS gv = LOAD_F32(g + j + l);                                           \
                    a[l / WIDTH] = FMA(gv, LOAD(w0 + j + l), a[l / WIDTH]);                    \
                    b[l / WIDTH] = FMA(gv, LOAD(w1 + j + l), b[l / WIDTH]);                    \
                }                                                                              \
            }                                                                                  \
            out[k] = NAME(fold)(a);                                                            \
            out[k + 1] = NAME(fold)(b);                                                        \
        }                                                                                      \
        for (; k < count; k++) {                                                               \
            const WEIGHT *w0 = w + index[k] * stride;                                          \
            FLOATS a[32 / WIDTH];                                                              \
            for (size_t l = 0; l < 32 / WIDTH; l++) a[l] = (FLOATS)0;                          \
            for (size_t j = 0; j < n; j += 32)                                                 \
                _Pragma("clang loop unroll(full)") for (size_t l = 0; l < 32; l += WIDTH)      \
                    a[l / WIDTH] =                                                             \
                        FMA(LOAD_F32(g + j + l), LOAD(w0 + j + l), a[l / WIDTH]);              \
            out[k] = NAME(fold)(a);                                                            \
        }                                                                                      \
    }
DOT(f16, uint16_t, LOAD_F16)
DOT(f32, float, LOAD_F32)
#undef DOT

// Few entries pass, so the survivors of each group of eight are visited by their bits.
#define COMPACT(WHICH, TEST)                                                                   \
    static size_t NAME(compact_##WHICH)(const float *x, size_t n, uint32_t *index,             \
                                        float *value) {                                        \
        size_t count = 0, j = 0;                                                               \
        for (; j + 8 <= n; j += 8) {                                                           \
            typedef float v8 __attribute__((ext_vector_type(8), aligned(4)));                  \
            v8 v = *(const v8 *)(x + j);                                                       \
            typedef _Bool b8 __attribute__((ext_vector_type(8)));                              \
            b8 passing = __builtin_convertvector(v TEST 0, b8);                                \
            unsigned char bits;                                                                \
            memcpy(&bits, &passing, 1);                                                        \
            while (bits) {                                                                     \
                uint32_t lane = (uint32_t)__builtin_ctz(bits);                                 \
                index[count] = (uint32_t)j + lane;                                             \
                value[count++] = x[j + lane];                                                  \
                bits &= (unsigned char)(bits - 1);                                             \
            }                                                                                  \
        }                                                                                      \
        for (; j < n; j++) {                                                                   \
            index[count] = (uint32_t)j;                                                        \
            value[count] = x[j];                                                               \
            count += x[j] TEST 0;                                                              \
        }                                                                                      \
        return count;                                                                          \
    }
COMPACT(positive, >)
COMPACT(nonzero, !=)
#undef COMPACT

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
