// The gambler's walk in 32-bit lanes, one gambler a lane. A lane whose gambler has stopped takes the
// next one at the end of its random block: a gambler's draws depend on the gambler's own number
// alone, so it does not matter which lane plays it, or when.

typedef uint32_t word_lanes __attribute__((ext_vector_type(LANES_F32)));
typedef float float_lanes __attribute__((ext_vector_type(LANES_F32)));
typedef uint64_t wide_lanes __attribute__((ext_vector_type(LANES_F32 / 2)));
/// Vectors at a time, whose chains of operations hide each other's latency; the lanes of them all.
enum { VECTORS = 4, PLAYERS = VECTORS * LANES_F32 };

INLINE int_lanes least(int_lanes a, int_lanes b) { return __builtin_elementwise_min(a, b); }
INLINE float_lanes floats_of(int_lanes v) { return __builtin_convertvector(v, float_lanes); }
INLINE int_lanes ints_of(float_lanes v) { return __builtin_convertvector(v, int_lanes); }

/// The keys of Philox's ten rounds.
INLINE void schedule(uint64_t seed, uint32_t keys[20]) {
    for (uint32_t round = 0; round < 10; round++) {
        keys[2 * round] = (uint32_t)seed + round * 0x9E3779B9u;
        keys[2 * round + 1] = (uint32_t)(seed >> 32) + round * 0xBB67AE85u;
    }
}

/// Ten rounds on counters (c[0], c[1], c[2], c[3]), each 32-bit word the low half of a 64-bit lane:
/// what a multiplication reads. What the upper halves collect is never looked at.
INLINE void philox_rounds(const uint32_t keys[20], wide_lanes c[4]) {
    wide_lanes c0 = c[0], c1 = c[1], c2 = c[2], c3 = c[3];
    UNROLLED(round, 10) {
        wide_lanes p0 = (c0 & 0xFFFFFFFFu) * (wide_lanes)0xD2511F53u;
        wide_lanes p1 = (c2 & 0xFFFFFFFFu) * (wide_lanes)0xCD9E8D57u;
        c0 = p1 >> 32 ^ c1 ^ (wide_lanes)(uint64_t)keys[2 * round];
        c2 = p0 >> 32 ^ c3 ^ (wide_lanes)(uint64_t)keys[2 * round + 1];
        c1 = p1;
        c3 = p0;
    }
    c[0] = c0, c[1] = c1, c[2] = c2, c[3] = c3;
}

/// Philox4x32-10 on lanes (index, 0, stream low, stream high), the even and the odd ones apart.
INLINE void philox_lanes(const uint32_t keys[20], word_lanes index, word_lanes low, word_lanes high,
                         word_lanes out[4]) {
    wide_lanes zero = 0;
    wide_lanes even[4] = {(wide_lanes)index, zero, (wide_lanes)low, (wide_lanes)high};
    wide_lanes odd[4] = {even[0] >> 32, zero, even[2] >> 32, even[3] >> 32};
    philox_rounds(keys, even);
    philox_rounds(keys, odd);
    for (int k = 0; k < 4; k++) out[k] = (word_lanes)((even[k] & 0xFFFFFFFFu) | odd[k] << 32);
}

static uint32_t kernel_ruin_draws(uint64_t seed, uint64_t first, size_t count, size_t blocks) {
    uint32_t keys[20];
    schedule(seed, keys);
    word_lanes sum = 0;
    for (size_t i = 0; i < count; i += LANES_F32) {
        word_lanes low, high, counted;
        for (size_t lane = 0; lane < LANES_F32; lane++) {
            low[lane] = (uint32_t)(first + i + lane);
            high[lane] = (uint32_t)((first + i + lane) >> 32);
            counted[lane] = i + lane < count ? ~0u : 0;
        }
        for (size_t b = 0; b < blocks; b++) {
            word_lanes words[4];
            philox_lanes(keys, (word_lanes)(uint32_t)b, low, high, words);
            sum += (words[0] ^ words[1] ^ words[2] ^ words[3]) & counted;
        }
    }
    uint32_t total = 0;
    for (int lane = 0; lane < LANES_F32; lane++) total += sum[lane];
    return total;
}

/// What a step reads besides its lanes, spread over vectors once.
typedef struct {
    int_lanes goal, longest, base, span, rise_cap, fall_cap;
    float_lanes rise_inverse, fall_inverse;
    uint32_t columns, mantissa;
} ruin_plan;

INLINE ruin_plan plan_for(const ck_ruin_law *law) {
    return (ruin_plan){
        .goal = (int)law->goal,
        .longest = (int)law->longest,
        .base = (int)law->base,
        .span = (int)law->span,
        .rise_cap = (int)(law->longest * law->rise),
        .fall_cap = (int)(law->longest * law->fall),
        .rise_inverse = 1.0f / (float)law->rise,
        .fall_inverse = 1.0f / (float)law->fall,
        .columns = law->columns,
        .mantissa = law->mantissa,
    };
}

/// What a step drew: of each lane the table's cell, and how many games it was for.
typedef struct {
    int_lanes cell, games;
} ruin_draw;

/// One draw for every lane, `unit` where a game wins one or loses one. Returns the lanes, a bit
/// each, in which the drawn bits tie with the threshold: they have not moved, and `drawn` says what
/// for.
INLINE uint32_t step_lanes(const ck_ruin_law *law, const ruin_plan *plan, bool unit,
                           word_lanes word, int_lanes *position, int_lanes *left,
                           ruin_draw *drawn) {
    int_lanes x = *position, rest = *left, up = plan->goal - x, games, active;
    if (unit) {
        games = least(least(x, up), least(rest, plan->longest));
        active = games > 0;
    } else {
        active = least(least(x, up), rest) > 0;
        float_lanes above = floats_of(least(up - 1, plan->rise_cap)) + 0.5f;
        float_lanes below = floats_of(least(x - 1, plan->fall_cap)) + 0.5f;
        int_lanes most_up = ints_of(above * plan->rise_inverse) + 1;
        int_lanes most_down = ints_of(below * plan->fall_inverse) + 1;
        games = least(least(most_up, most_down), least(rest, plan->longest));
    }
    games = __builtin_elementwise_max(games, (int_lanes)1);
    // The rung is the float's exponent and its leading mantissa bits.
    uint32_t drop = 23 - plan->mantissa;
    int_lanes pattern = (int_lanes)floats_of(games);
    int_lanes rung = (pattern >> (int)drop) - (int)(127u << plan->mantissa);
    games = ints_of((float_lanes)(pattern & (int)(~0u << drop)));
    int_lanes column = (int_lanes)(word >> (32 - plan->columns));
    int_lanes cell = (rung << (int)plan->columns) + column;
    int_lanes entry = gather(law->table, cell);
    int_lanes fraction = (int_lanes)(word << plan->columns >> 12);
    int_lanes threshold = (int_lanes)((word_lanes)entry >> 12);
    int_lanes index = fraction < threshold ? column : entry & 0xFFF;
    int_lanes tie = (fraction == threshold) & active;
    int_lanes moving = active & ~tie;
    int_lanes move = unit ? index + index - games : games * plan->base + plan->span * index;
    *position = x + (move & moving);
    *left = rest - (games & moving);
    *drawn = (ruin_draw){cell, games};
    return sign_bits(tie);
}

/// The gamblers that are being played. Lanes are written one by one through memory, where a
/// vector's lane is an element of an array.
typedef struct {
    int_lanes position[VECTORS], left[VECTORS];
    word_lanes block[VECTORS], low[VECTORS], high[VECTORS];
    size_t owner[PLAYERS]; ///< which gambler a lane plays; SIZE_MAX for none
} ruin_players;

INLINE int32_t *int_at(int_lanes *vectors, int slot) { return (int32_t *)vectors + slot; }
INLINE uint32_t *word_at(word_lanes *vectors, int slot) { return (uint32_t *)vectors + slot; }

/// Writes the state of the gambler in `slot` back to the arrays.
INLINE void give_back(ruin_players *players, int slot, int64_t *position, uint64_t *left,
                      uint64_t *blocks) {
    size_t i = players->owner[slot];
    position[i] = *int_at(players->position, slot);
    left[i] = (uint64_t)*int_at(players->left, slot);
    blocks[i] = *word_at(players->block, slot);
    players->owner[slot] = SIZE_MAX;
}

/// Lets `slot` play gambler i, of the Philox stream `stream`.
INLINE void take(ruin_players *players, int slot, size_t i, uint64_t stream, int64_t position,
                 uint64_t left, uint64_t block) {
    *int_at(players->position, slot) = (int32_t)position;
    *int_at(players->left, slot) = (int32_t)left;
    *word_at(players->block, slot) = (uint32_t)block;
    *word_at(players->low, slot) = (uint32_t)stream;
    *word_at(players->high, slot) = (uint32_t)(stream >> 32);
    players->owner[slot] = i;
}

/// Settles a tie of the lane `slot` by more random bits and moves it.
INLINE void move_tied(const ck_ruin_law *law, uint64_t seed, ruin_players *players, int slot,
                      uint32_t draw, uint32_t draws, uint32_t word, uint32_t cell, int32_t games) {
    uint64_t stream = (uint64_t)*word_at(players->high, slot) << 32 | *word_at(players->low, slot);
    uint64_t number = (uint64_t)*word_at(players->block, slot) * draws + draw;
    uint32_t index = settle_tie(law, seed, stream, number, word, cell);
    *int_at(players->position, slot) +=
        games * (int32_t)law->base + (int32_t)law->span * (int32_t)index;
    *int_at(players->left, slot) -= games;
}

INLINE bool walk_lanes(const ck_ruin_law *law, bool unit, uint64_t seed, uint64_t first,
                       int64_t *position, uint64_t *left, uint64_t *blocks, size_t count,
                       uint64_t budget) {
    ruin_plan plan = plan_for(law);
    uint32_t keys[20];
    schedule(seed, keys);
    bool narrow = law->draw_bits == 16;
    uint32_t draws = narrow ? 8 : 4;
    ruin_players players = {0};
    for (int slot = 0; slot < PLAYERS; slot++) players.owner[slot] = SIZE_MAX;
    size_t next = 0, playing = 0;
    for (;;) {
        // Lanes that have stopped give their gambler back and take the next one.
        for (int v = 0; v < VECTORS; v++) {
            int_lanes x = players.position[v];
            int_lanes going = least(least(x, plan.goal - x), players.left[v]) > 0;
            for (uint32_t stopped = sign_bits(~going); stopped; stopped &= stopped - 1) {
                int slot = v * LANES_F32 + __builtin_ctz(stopped);
                if (players.owner[slot] != SIZE_MAX) {
                    give_back(&players, slot, position, left, blocks);
                    playing -= 1;
                }
                while (next < count && has_stopped(law, position[next], left[next])) next += 1;
                if (next == count) continue;
                take(&players, slot, next, first + next, position[next], left[next], blocks[next]);
                next += 1;
                playing += 1;
            }
        }
        if (playing == 0) return true;
        if (budget < PLAYERS) break;
        budget -= PLAYERS;
        word_lanes words[VECTORS][4];
        for (int v = 0; v < VECTORS; v++)
            philox_lanes(keys, players.block[v], players.low[v], players.high[v], words[v]);
        for (uint32_t draw = 0; draw < draws; draw++) {
            UNROLLED(v, VECTORS) {
                word_lanes word = words[v][narrow ? draw >> 1 : draw];
                if (narrow) word = draw & 1 ? word << 16 : word & 0xFFFF0000u;
                ruin_draw drawn;
                uint32_t ties = step_lanes(law, &plan, unit, word, &players.position[v],
                                           &players.left[v], &drawn);
                for (; __builtin_expect(ties != 0, 0); ties &= ties - 1) {
                    int lane = __builtin_ctz(ties);
                    move_tied(law, seed, &players, v * LANES_F32 + lane, draw, draws,
                              *word_at(&word, lane), (uint32_t)*int_at(&drawn.cell, lane),
                              *int_at(&drawn.games, lane));
                }
            }
        }
        for (int v = 0; v < VECTORS; v++) players.block[v] += 1;
    }
    // Out of budget: what is unfinished goes back as it stands.
    for (int slot = 0; slot < PLAYERS; slot++)
        if (players.owner[slot] != SIZE_MAX) give_back(&players, slot, position, left, blocks);
    return false;
}

/// Whether everything about this walk fits into 32-bit lanes, divisions through float
/// included (⌊(u + ½)·(1/a)⌋ is exact where u and the quotient's error stay below 2^22).
static bool fits_lanes(const ck_ruin_law *law, const uint64_t *left, size_t count) {
    int64_t step = law->rise > law->fall ? law->rise : law->fall;
    if (law->amounts || law->rise < 1 || law->fall < 1 || law->goal > 1 << 30) return false;
    if (step > 1 << 22 || law->longest > 1 << 22 || law->longest * step > 1 << 22) return false;
    for (size_t i = 0; i < count; i++) {
        if (left[i] > 1 << 30) return false;
    }
    return true;
}

static bool kernel_ruin_walk(const ck_ruin_law *law, uint64_t seed, uint64_t first,
                             int64_t *position, uint64_t *left, uint64_t *blocks, size_t count,
                             uint64_t budget) {
    if (!fits_lanes(law, left, count))
        return plain_ruin_walk(law, seed, first, position, left, blocks, count, budget);
    // Compiled twice: stakes of one need neither the divisions nor the multiplications.
    if (law->rise == 1 && law->fall == 1 && law->span == 2)
        return walk_lanes(law, true, seed, first, position, left, blocks, count, budget);
    return walk_lanes(law, false, seed, first, position, left, blocks, count, budget);
}
