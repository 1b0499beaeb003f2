// The gambler's walk, one gambler after the other in 64-bit integers: the reference.

/// The most games that cannot absorb a gambler before the last of them, at most `left`.
static inline uint64_t safe_games(const ck_ruin_law *law, int64_t position, uint64_t left) {
    uint64_t games = left < (uint64_t)law->longest ? left : (uint64_t)law->longest;
    if (law->rise > 0) {
        uint64_t up = (uint64_t)((law->goal - position - 1) / law->rise) + 1;
        if (up < games) games = up;
    }
    if (law->fall > 0) {
        uint64_t down = (uint64_t)((position - 1) / law->fall) + 1;
        if (down < games) games = down;
    }
    return games;
}

/// A tie between the drawn bits and the threshold's: draws the rest of the 63 bits.
static inline uint32_t settle_tie(const ck_ruin_law *law, uint64_t seed, uint64_t stream,
                                  uint64_t draw, uint32_t word, uint32_t cell) {
    uint32_t more[4];
    ck_philox(seed, stream | CK_RUIN_TIES, draw, more);
    uint64_t low = more[0] | (uint64_t)more[1] << 32;
    uint64_t bits = ((uint64_t)word << 32 | low >> law->draw_bits) >> 1;
    uint64_t mask = ((uint64_t)1 << (63 - law->columns)) - 1;
    uint32_t column = cell & ((1u << law->columns) - 1);
    return (bits & mask) < law->threshold[cell] ? column : law->table[cell] & 0xFFF;
}

static inline bool has_stopped(const ck_ruin_law *law, int64_t position, uint64_t left) {
    return left == 0 || position <= 0 || position >= law->goal;
}

/// One draw: `word` holds the drawn bits at its top and zeros below.
static inline void step_gambler(const ck_ruin_law *law, uint64_t seed, uint64_t stream,
                                uint64_t draw, uint32_t word, int64_t *position, uint64_t *left) {
    uint64_t games = safe_games(law, *position, *left);
    uint32_t exponent = 63 - (uint32_t)__builtin_clzll(games);
    uint32_t finer = (1u << law->mantissa) - 1;
    uint32_t rung =
        exponent << law->mantissa | ((uint32_t)(games << law->mantissa >> exponent) & finer);
    if (exponent > law->mantissa) {
        uint32_t cut = exponent - law->mantissa;
        games = games >> cut << cut;
    }
    uint32_t cell = rung << law->columns | word >> (32 - law->columns);
    uint32_t entry = law->table[cell];
    uint32_t fraction = word << law->columns >> 12, threshold = entry >> 12;
    uint32_t index = fraction < threshold ? word >> (32 - law->columns) : entry & 0xFFF;
    if (fraction == threshold) index = settle_tie(law, seed, stream, draw, word, cell);
    *position +=
        law->amounts ? law->amounts[index] : (int64_t)games * law->base + law->span * index;
    *left -= games;
}

static inline bool REFERENCE(ruin_walk)(const ck_ruin_law *law, uint64_t seed, uint64_t first,
                                        int64_t *position, uint64_t *left, uint64_t *blocks,
                                        size_t count, uint64_t budget) {
    bool narrow = law->draw_bits == 16;
    uint32_t draws = narrow ? 8 : 4;
    for (size_t i = 0; i < count; i++) {
        while (!has_stopped(law, position[i], left[i])) {
            if (budget == 0) return false;
            budget -= 1;
            uint32_t words[4];
            ck_philox(seed, first + i, blocks[i], words);
            for (uint32_t k = 0; k < draws && !has_stopped(law, position[i], left[i]); k++) {
                uint32_t word = !narrow ? words[k]
                                : k & 1 ? words[k >> 1] << 16
                                        : words[k >> 1] & 0xFFFF0000u;
                step_gambler(law, seed, first + i, blocks[i] * draws + k, word, &position[i],
                             &left[i]);
            }
            blocks[i] += 1;
        }
    }
    return true;
}

static inline uint32_t REFERENCE(ruin_draws)(uint64_t seed, uint64_t first, size_t count,
                                             size_t blocks) {
    uint32_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t b = 0; b < blocks; b++) {
            uint32_t words[4];
            ck_philox(seed, first + i, b, words);
            sum += words[0] ^ words[1] ^ words[2] ^ words[3];
        }
    }
    return sum;
}
