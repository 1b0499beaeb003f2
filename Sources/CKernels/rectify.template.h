// Template of the kernels of rectified layers: WIDTH lanes of binary32, NAME(f) the function's name.

typedef float NAME(floats) __attribute__((ext_vector_type(WIDTH), aligned(4)));
typedef int32_t NAME(ints) __attribute__((ext_vector_type(WIDTH), aligned(4)));

#define FLOATS NAME(floats)
#define INTS NAME(ints)
#define LOAD(p) (*(const FLOATS *)(p))
#define STORE(p, v) (*(FLOATS *)(p) = (v))
#define FMA(a, b, c) __builtin_elementwise_fma(a, b, c)

/// Folds 32 lanes as the plain reference does.
static float NAME(fold_lanes)(const FLOATS *lanes) {
    float lane[32];
    for (size_t l = 0; l < 32; l += WIDTH) STORE(lane + l, lanes[l / WIDTH]);
    return ck_fold(lane);
}

/// A bit for each of eight values that is > 0.
static inline unsigned NAME(positive_bits)(const float *x) {
    typedef float v8 __attribute__((ext_vector_type(8), aligned(4)));
    typedef _Bool b8 __attribute__((ext_vector_type(8)));
    b8 passing = __builtin_convertvector(*(const v8 *)x > 0, b8);
    unsigned char bits;
    memcpy(&bits, &passing, 1);
    return bits;
}

static ck_activity NAME(rectify_groups)(const float *y, const uint32_t *group, size_t groups,
                                        ck_layer layer) {
    ck_activity done = {0};
    FLOATS change[32 / WIDTH], norm[32 / WIDTH];
    for (size_t l = 0; l < 32 / WIDTH; l++) change[l] = norm[l] = (FLOATS)0;
    for (size_t k = 0; k < groups; k++) {
        size_t first = 32 * (size_t)group[k], before = done.units;
        FLOATS least = (FLOATS)INFINITY;
        INTS broken = (INTS)0;
        _Pragma("clang loop unroll(full)") for (size_t l = 0; l < 32; l += WIDTH) {
            size_t j = first + l;
            FLOATS v = LOAD(y + j), h = v > 0 ? v : (FLOATS)0;
            FLOATS difference = h - LOAD(layer.previous + j);
            FLOATS margin = -(v + LOAD(layer.slack + j)) * LOAD(layer.scale + j);
            change[l / WIDTH] = FMA(difference, difference, change[l / WIDTH]);
            norm[l / WIDTH] = FMA(h, h, norm[l / WIDTH]);
            STORE(layer.previous + j, h);
            least = margin < least ? margin : least;
            broken |= v - v != 0;
        }
        layer.inactive_until[group[k]] = __builtin_reduce_or(broken)
            ? -INFINITY : __builtin_fmaf(__builtin_reduce_min(least), layer.shrink, layer.base);
        // Few are active, so they are visited by their bits.
        for (size_t j = first; j < first + 32; j += 8) {
            unsigned bits = NAME(positive_bits)(layer.previous + j);
            for (; bits; bits &= bits - 1) {
                size_t active = j + (size_t)__builtin_ctz(bits);
                layer.index[done.units] = (uint32_t)active;
                layer.value[done.units++] = layer.previous[active];
            }
        }
        if (done.units > before) layer.group[done.groups++] = group[k];
    }
    done.change = NAME(fold_lanes)(change);
    done.norm = NAME(fold_lanes)(norm);
    return done;
}

static ck_activity NAME(observe)(const float *x, size_t first, size_t groups, float *previous,
                                 uint32_t *group) {
    ck_activity done = {0};
    FLOATS change[32 / WIDTH], norm[32 / WIDTH];
    for (size_t l = 0; l < 32 / WIDTH; l++) change[l] = norm[l] = (FLOATS)0;
    for (size_t k = first; k < first + groups; k++) {
        INTS some = (INTS)0;
        _Pragma("clang loop unroll(full)") for (size_t l = 0; l < 32; l += WIDTH) {
            size_t j = 32 * k + l;
            FLOATS v = LOAD(x + j), difference = v - LOAD(previous + j);
            change[l / WIDTH] = FMA(difference, difference, change[l / WIDTH]);
            norm[l / WIDTH] = FMA(v, v, norm[l / WIDTH]);
            STORE(previous + j, v);
            some |= v != 0;
        }
        if (__builtin_reduce_or(some)) group[done.groups++] = (uint32_t)k;
    }
    done.change = NAME(fold_lanes)(change);
    done.norm = NAME(fold_lanes)(norm);
    return done;
}

static size_t NAME(possibly_active)(const float *inactive_until, size_t first, size_t n, float drift,
                          uint32_t *index) {
    size_t count = 0, j = 0;
    for (; j + 8 <= n; j += 8) {
        typedef float v8 __attribute__((ext_vector_type(8), aligned(4)));
        typedef _Bool b8 __attribute__((ext_vector_type(8)));
        b8 passing = __builtin_convertvector(!(*(const v8 *)(inactive_until + first + j) > drift), b8);
        unsigned char bits;
        memcpy(&bits, &passing, 1);
        for (unsigned rest = bits; rest; rest &= rest - 1)
            index[count++] = (uint32_t)(first + j) + (uint32_t)__builtin_ctz(rest);
    }
    return count + possibly_active_plain(inactive_until, first + j, n - j, drift, index + count);
}

#undef FLOATS
#undef INTS
#undef LOAD
#undef STORE
#undef FMA
