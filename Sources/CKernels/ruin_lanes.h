// The walk in 32-bit lanes, one gambler a lane, included by ruin.c once for each
// instruction set with CK_LANES, CK_NAME, CK_GATHER and CK_MASK defined. A lane whose
// gambler stopped takes the next one at the end of its random block: the gambler's draws
// depend on its own number alone, so it does not matter which lane plays it, or when.

typedef int32_t CK_NAME(int_lanes) __attribute__((ext_vector_type(CK_LANES)));
typedef uint32_t CK_NAME(word_lanes) __attribute__((ext_vector_type(CK_LANES)));
typedef float CK_NAME(float_lanes) __attribute__((ext_vector_type(CK_LANES)));
typedef uint64_t CK_NAME(wide_lanes) __attribute__((ext_vector_type(CK_LANES / 2)));

#define I CK_NAME(int_lanes)
#define U CK_NAME(word_lanes)
#define F CK_NAME(float_lanes)
#define W CK_NAME(wide_lanes)
enum { CK_NAME(group) = 4, CK_NAME(gamblers) = CK_NAME(group) * CK_LANES };
#define GROUP CK_NAME(group)
#define GAMBLERS CK_NAME(gamblers)

/// Philox4x32-10 on lanes (index, 0, stream low, stream high). The 32-bit lanes are kept
/// as the low halves of two vectors of 64-bit ones, even and odd: what a multiplication
/// reads; the upper halves hold rubbish in between.
static inline void CK_NAME(philox)(const uint32_t keys[20], U index, U low, U high, U out[4]) {
    W even[4] = {(W)index, (W)(index & 0), (W)low, (W)high};
    W odd[4] = {(W)index >> 32, (W)(index & 0), (W)low >> 32, (W)high >> 32};
    for (int half = 0; half < 2; half++) {
        W *c = half ? odd : even;
        W c0 = c[0], c1 = c[1], c2 = c[2], c3 = c[3];
#pragma clang loop unroll(full)
        for (int round = 0; round < 10; round++) {
            W p0 = (c0 & 0xFFFFFFFFu) * (W)0xD2511F53u, p1 = (c2 & 0xFFFFFFFFu) * (W)0xCD9E8D57u;
            c0 = p1 >> 32 ^ c1 ^ (W)(uint64_t)keys[2 * round];
            c2 = p0 >> 32 ^ c3 ^ (W)(uint64_t)keys[2 * round + 1];
            c1 = p1;
            c3 = p0;
        }
        c[0] = c0, c[1] = c1, c[2] = c2, c[3] = c3;
    }
    for (int k = 0; k < 4; k++) out[k] = (U)((even[k] & 0xFFFFFFFFu) | odd[k] << 32);
}

static inline void CK_NAME(schedule)(uint64_t seed, uint32_t keys[20]) {
    for (uint32_t round = 0; round < 10; round++) {
        keys[2 * round] = (uint32_t)seed + round * 0x9E3779B9u;
        keys[2 * round + 1] = (uint32_t)(seed >> 32) + round * 0xBB67AE85u;
    }
}

static uint32_t CK_NAME(ck_ruin_draws)(uint64_t seed, uint64_t first, size_t count, size_t blocks) {
    uint32_t keys[20];
    CK_NAME(schedule)(seed, keys);
    U sum = 0;
    for (size_t i = 0; i < count; i += CK_LANES) {
        uint32_t low[CK_LANES], high[CK_LANES], counted[CK_LANES];
        for (size_t lane = 0; lane < CK_LANES; lane++) {
            low[lane] = (uint32_t)(first + i + lane);
            high[lane] = (uint32_t)((first + i + lane) >> 32);
            counted[lane] = i + lane < count ? ~0u : 0;
        }
        U l, h, mask;
        __builtin_memcpy(&l, low, sizeof l);
        __builtin_memcpy(&h, high, sizeof h);
        __builtin_memcpy(&mask, counted, sizeof mask);
        for (size_t b = 0; b < blocks; b++) {
            U words[4];
            CK_NAME(philox)(keys, (U)(uint32_t)b, l, h, words);
            sum += (words[0] ^ words[1] ^ words[2] ^ words[3]) & mask;
        }
    }
    uint32_t total = 0;
    for (int lane = 0; lane < CK_LANES; lane++) total += sum[lane];
    return total;
}

/// What a step reads besides its lanes, spread over vectors once.
typedef struct CK_NAME(plan) {
    I goal, longest, base, span, rise_cap, fall_cap;
    F rise_inverse, fall_inverse;
    uint32_t columns, mantissa;
    bool unit; ///< a game wins one or loses one
} CK_NAME(plan);

/// One draw for every lane; the lanes of the result's bits tie and must be settled by
/// more bits: they have not moved (but `rung_cell` and `games` say what they drew).
static inline __attribute__((always_inline)) uint32_t
CK_NAME(step)(const ck_ruin_law *law, const CK_NAME(plan) *plan, bool unit, U word, I *position,
              I *left, I *cell_out, I *games_out) {
    I x = *position, rest = *left, up = plan->goal - x, games, active;
    if (unit) {
        games = __builtin_elementwise_min(__builtin_elementwise_min(x, up),
                                          __builtin_elementwise_min(rest, plan->longest));
        active = games > 0;
    } else {
        active = __builtin_elementwise_min(__builtin_elementwise_min(x, up), rest) > 0;
        F above = __builtin_convertvector(__builtin_elementwise_min(up - 1, plan->rise_cap), F) + 0.5f;
        F below = __builtin_convertvector(__builtin_elementwise_min(x - 1, plan->fall_cap), F) + 0.5f;
        I most_up = __builtin_convertvector(above * plan->rise_inverse, I) + 1;
        I most_down = __builtin_convertvector(below * plan->fall_inverse, I) + 1;
        games = __builtin_elementwise_min(__builtin_elementwise_min(most_up, most_down),
                                          __builtin_elementwise_min(rest, plan->longest));
    }
    games = __builtin_elementwise_max(games, (I)1);
    // The rung is the float's exponent and its leading mantissa bits.
    uint32_t drop = 23 - plan->mantissa;
    I bits = (I)(__builtin_convertvector(games, F));
    I rung = (bits >> (int)drop) - (int)(127u << plan->mantissa);
    games = __builtin_convertvector((F)(bits & (int)(~0u << drop)), I);
    I column = (I)(word >> (32 - plan->columns));
    I cell = (rung << (int)plan->columns) + column;
    I entry = CK_GATHER(law->table, cell);
    I fraction = (I)(word << plan->columns >> 12), threshold = (I)((U)entry >> 12);
    I index = fraction < threshold ? column : entry & 0xFFF;
    I tie = (fraction == threshold) & active;
    I moving = active & ~tie;
    I move = unit ? index + index - games : games * plan->base + plan->span * index;
    *position = x + (move & moving);
    *left = rest - (games & moving);
    *cell_out = cell;
    *games_out = games;
    return CK_MASK(tie);
}

static inline __attribute__((always_inline)) bool
CK_NAME(walk)(const ck_ruin_law *law, bool unit, uint64_t seed, uint64_t first, int64_t *position,
              uint64_t *left, uint64_t *blocks, size_t count, uint64_t budget) {
    CK_NAME(plan) plan = {
        .goal = (int)law->goal, .longest = (int)law->longest, .base = (int)law->base,
        .span = (int)law->span, .rise_cap = (int)(law->longest * law->rise),
        .fall_cap = (int)(law->longest * law->fall), .rise_inverse = 1.0f / (float)law->rise,
        .fall_inverse = 1.0f / (float)law->fall, .columns = law->columns,
        .mantissa = law->mantissa,
    };
    uint32_t keys[20];
    CK_NAME(schedule)(seed, keys);
    bool narrow = law->draw_bits == 16;
    uint32_t draws = narrow ? 8 : 4;
    I x[GROUP] = {0}, rest[GROUP] = {0};
    U index[GROUP] = {0}, low[GROUP] = {0}, high[GROUP] = {0};
    size_t owner[GAMBLERS]; // which gambler a lane plays; SIZE_MAX for none
    for (int lane = 0; lane < GAMBLERS; lane++) owner[lane] = SIZE_MAX;
    size_t next = 0, playing = 0;
    for (;;) {
        // Lanes that have stopped give their result back and take the next gambler.
        for (int v = 0; v < GROUP; v++) {
            I going = __builtin_elementwise_min(__builtin_elementwise_min(x[v], plan.goal - x[v]), rest[v]) > 0;
            uint32_t stopped = CK_MASK(~going);
            while (stopped) {
                int lane = __builtin_ctz(stopped), slot = v * CK_LANES + lane;
                stopped &= stopped - 1;
                if (owner[slot] != SIZE_MAX) {
                    position[owner[slot]] = ((int32_t *)&x[v])[lane];
                    left[owner[slot]] = (uint64_t)((int32_t *)&rest[v])[lane];
                    blocks[owner[slot]] = ((uint32_t *)&index[v])[lane];
                    owner[slot] = SIZE_MAX;
                    playing -= 1;
                }
                while (next < count && ck_ruin_stopped(law, position[next], left[next])) next += 1;
                if (next == count) continue;
                ((int32_t *)&x[v])[lane] = (int32_t)position[next];
                ((int32_t *)&rest[v])[lane] = (int32_t)left[next];
                ((uint32_t *)&index[v])[lane] = (uint32_t)blocks[next];
                ((uint32_t *)&low[v])[lane] = (uint32_t)(first + next);
                ((uint32_t *)&high[v])[lane] = (uint32_t)((first + next) >> 32);
                owner[slot] = next++;
                playing += 1;
            }
        }
        if (playing == 0) return true;
        if (budget < GAMBLERS) break;
        budget -= GAMBLERS;
        U words[GROUP][4];
        for (int v = 0; v < GROUP; v++) CK_NAME(philox)(keys, index[v], low[v], high[v], words[v]);
        for (uint32_t draw = 0; draw < draws; draw++) {
#pragma clang loop unroll(full)
            for (int v = 0; v < GROUP; v++) {
                U word = words[v][narrow ? draw >> 1 : draw];
                if (narrow) word = draw & 1 ? word << 16 : word & 0xFFFF0000u;
                I cell, games;
                uint32_t ties = CK_NAME(step)(law, &plan, unit, word, &x[v], &rest[v], &cell, &games);
                while (__builtin_expect(ties != 0, 0)) {
                    int lane = __builtin_ctz(ties);
                    ties &= ties - 1;
                    uint64_t stream = (uint64_t)((uint32_t *)&high[v])[lane] << 32 | ((uint32_t *)&low[v])[lane];
                    uint64_t number = (uint64_t)((uint32_t *)&index[v])[lane] * draws + draw;
                    uint32_t settled = ck_ruin_tie(law, seed, stream, number, ((uint32_t *)&word)[lane],
                                                   ((uint32_t *)&cell)[lane]);
                    int32_t m = ((int32_t *)&games)[lane];
                    ((int32_t *)&x[v])[lane] += m * (int32_t)law->base + (int32_t)law->span * (int32_t)settled;
                    ((int32_t *)&rest[v])[lane] -= m;
                }
            }
        }
        for (int v = 0; v < GROUP; v++) index[v] += 1;
    }
    // Out of budget: what is unfinished goes back as it stands.
    for (int slot = 0; slot < GAMBLERS; slot++) {
        if (owner[slot] == SIZE_MAX) continue;
        position[owner[slot]] = ((int32_t *)&x[slot / CK_LANES])[slot % CK_LANES];
        left[owner[slot]] = (uint64_t)((int32_t *)&rest[slot / CK_LANES])[slot % CK_LANES];
        blocks[owner[slot]] = ((uint32_t *)&index[slot / CK_LANES])[slot % CK_LANES];
    }
    return false;
}

static bool CK_NAME(ck_ruin_walk)(const ck_ruin_law *law, uint64_t seed, uint64_t first,
                                  int64_t *position, uint64_t *left, uint64_t *blocks, size_t count,
                                  uint64_t budget) {
    // Compiled twice: stakes of one spare the divisions and the multiplications.
    if (law->rise == 1 && law->fall == 1 && law->span == 2) {
        return CK_NAME(walk)(law, true, seed, first, position, left, blocks, count, budget);
    }
    return CK_NAME(walk)(law, false, seed, first, position, left, blocks, count, budget);
}

#undef I
#undef U
#undef F
#undef W
#undef GROUP
#undef GAMBLERS
#undef CK_LANES
#undef CK_NAME
#undef CK_GATHER
#undef CK_MASK
