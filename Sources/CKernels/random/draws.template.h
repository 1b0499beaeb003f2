// Random words and what is drawn from them. A group is one block of Philox a lane, so
// every draw is a function of its own index, whatever the width.

/// One block a lane: words 0 and 1, words 2 and 3, the earlier word in the lower half.
typedef struct {
    vu low, high;
} block_words;

INLINE block_words philox(uint64_t seed, uint64_t stream, vu index) {
    const uint64_t word = 0xffffffff;
    uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
    // A word a lane; what the upper halves collect is never looked at.
    vu c0 = index, c1 = index >> 32, c2 = (vu)stream, c3 = (vu)(stream >> 32);
    UNROLLED(round, 10) {
        vu p0 = (c0 & word) * 0xD2511F53u, p1 = (c2 & word) * 0xCD9E8D57u;
        c0 = (p1 >> 32) ^ c1 ^ k0;
        c2 = (p0 >> 32) ^ c3 ^ k1;
        c1 = p1;
        c3 = p0;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    return (block_words){(c0 & word) | c1 << 32, (c2 & word) | c3 << 32};
}

/// Blocks first … first + LANES − 1, block i of the lower half in lane 2i and of the
/// upper half in lane 2i + 1: what `store_pairs` then does stays within 128 bits.
INLINE vu block_indices(uint64_t first) {
#if LANES == 8
    const vu offset = {0, 4, 1, 5, 2, 6, 3, 7};
#elif LANES == 2
    const vu offset = {0, 1};
#else
    const vu offset = 0;
#endif
    return offset + first;
}

/// Writes the pairs (a, b) of all lanes in the order of their blocks.
INLINE void store_pairs(double *p, vd a, vd b) {
#if LANES == 8
    store(p, __builtin_shufflevector(a, b, 0, 8, 2, 10, 4, 12, 6, 14));
    store(p + 8, __builtin_shufflevector(a, b, 1, 9, 3, 11, 5, 13, 7, 15));
#elif LANES == 2
    store(p, __builtin_shufflevector(a, b, 0, 2));
    store(p + 2, __builtin_shufflevector(a, b, 1, 3));
#else
    store(p, a);
    store(p + 1, b);
#endif
}

/// (j + ½)·2^−52 with j the word's upper 52 bits: strictly between 0 and 1, symmetric
/// about ½, every value a double.
INLINE vd open_unit(vu w) { return from_bits((vl)(w >> 12) | bits((vd)1.0)) - (1 - 0x1p-53); }

INLINE vd draw_uniform(vu w) { return open_unit(w); }

/// log(u/(1−u)), the inverse of the standard logistic distribution function. 1 − u is
/// exact, since u is a multiple of 2^−53.
INLINE vd draw_logistic(vu w) {
    vd u = open_unit(w);
    binary_parts p = split(u / (1 - u));
    return log_sum(p.m - 1, p.k, 0);
}

/// −log u.
INLINE vd draw_exponential(vu w) {
    binary_parts p = split(open_unit(w));
    return -log_sum(p.m - 1, p.k, 0);
}

/// sin 2πt / t and (cos 2πt − 1) / t² over t², |t| ≤ ⅛, to 2^−54 and 2^−59 (minimax).
static const double sin_turn_terms[] = {
    0x1.921fb54442d18p2, -0x1.4abbce625be09p5, 0x1.466bc67754fffp6, -0x1.32d2ccdfe9424p6,
    0x1.50782d5f14825p5, -0x1.e2fe76fdffd29p3, 0x1.e357ef99eaea7p1,
};
static const double cos_turn_terms[] = {
    -0x1.3bd3cc9be45dep4, 0x1.03c1f081b5a23p6, -0x1.55d3c7e3b7782p6, 0x1.e1f50664cca8cp5,
    -0x1.a6d1d2d5fcbcep4, 0x1.f9b7a4a3ee171p2, -0x1.ac077c3d4df7ep0,
};

typedef struct {
    vd first, second;
} normal_pair;

/// Two standard normal numbers from a block (G. E. P. Box, M. E. Muller, "A note on the
/// generation of random normal deviates", 1958): √(−2 log u)·(cos, sin)(2πt). u keeps
/// 63 random bits, from (½)·2^−63 up, so the tails reach √(128 log 2) = 9.42.
INLINE normal_pair draw_normals(block_words words) {
    const int64_t at_52 = 0x4330000000000000, at_84 = 0x4530000000000000;
    // w·2^−64 for odd w: both halves written into the mantissas of doubles at 2^84 and
    // 2^52, then one rounded sum.
    vu w = words.low | 1;
    vd upper = from_bits((vl)(w >> 32) | at_84) - (0x1p84 + 0x1p52);
    vd sum = upper + from_bits((vl)(w & 0xffffffff) | at_52);
    binary_parts p = split(sum);
    vd radius = sqrt_(-2 * log_sum(p.m - 1, p.k - 64, 0));

    // An angle of t turns, |t| < ½, less the nearest quarter, of which none is rounded.
    vd t = open_unit(words.high) - 0.5;
    vd shifted = fma_((vd)4.0, t, rounder);
    vd r = fma_(rounder - shifted, 0.25, t);
    vd z = r * r;
    vd sine = r * POLYNOMIAL(z, sin_turn_terms);
    vd cosine = fma_(z, POLYNOMIAL(z, cos_turn_terms), (vd)1.0);
    vl quarters = bits(shifted), odd = -(quarters & 1);
    vl sine_sign = (vl)((vu)quarters << 62) & INT64_MIN;
    vl cosine_sign = (vl)((vu)(quarters + 1) << 62) & INT64_MIN;
    return (normal_pair){
        radius * from_bits(bits(odd ? sine : cosine) ^ cosine_sign),
        radius * from_bits(bits(odd ? cosine : sine) ^ sine_sign),
    };
}

static void kernel_philox_fill(uint64_t seed, uint64_t stream, uint64_t first, size_t n,
                               uint32_t *out) {
    double group[2 * LANES];
    size_t i = 0;
    for (; n - i >= LANES; i += LANES) {
        block_words w = philox(seed, stream, block_indices(first + i));
        store_pairs(group, from_bits((vl)w.low), from_bits((vl)w.high));
        memcpy(out + 4 * i, group, sizeof group);
    }
    if (i == n) return;
    block_words w = philox(seed, stream, block_indices(first + i));
    store_pairs(group, from_bits((vl)w.low), from_bits((vl)w.high));
    memcpy(out + 4 * i, group, 16 * (n - i));
}

/// Draws `first` to first + n − 1, two a block. A range that begins or ends within a
/// group of blocks takes its part of the whole group.
#define FILL(name, first_half, second_half)                                                 \
    INLINE void group_##name(uint64_t seed, uint64_t stream, uint64_t block, double *out) { \
        block_words w = philox(seed, stream, block_indices(block));                         \
        store_pairs(out, first_half, second_half);                                          \
    }                                                                                       \
    static void kernel_##name(uint64_t seed, uint64_t stream, uint64_t first, size_t n,     \
                              double *out) {                                                \
        double part[2 * LANES];                                                             \
        uint64_t block = first >> 1;                                                        \
        if (first & 1 && n > 0) {                                                           \
            group_##name(seed, stream, block++, part);                                      \
            *out++ = part[1];                                                               \
            n--;                                                                            \
        }                                                                                   \
        for (; n >= 2 * LANES; n -= 2 * LANES) {                                            \
            group_##name(seed, stream, block, out);                                         \
            block += LANES;                                                                 \
            out += 2 * LANES;                                                               \
        }                                                                                   \
        if (n == 0) return;                                                                 \
        group_##name(seed, stream, block, part);                                            \
        memcpy(out, part, n * sizeof *out);                                                 \
    }
FILL(uniform, draw_uniform(w.low), draw_uniform(w.high))
FILL(logistic, draw_logistic(w.low), draw_logistic(w.high))
FILL(exponential, draw_exponential(w.low), draw_exponential(w.high))
FILL(normal, draw_normals(w).first, draw_normals(w).second)
#undef FILL
