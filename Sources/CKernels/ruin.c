#include "ruin.h"
#include "philox.h"

#pragma STDC FP_CONTRACT OFF

// ---- The plain reference: one gambler after the other, in 64-bit integers. ----

/// The most games that cannot absorb a gambler before the last of them, at most `left`.
static inline uint64_t ck_ruin_safe(const ck_ruin_law *law, int64_t position, uint64_t left) {
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
static inline uint32_t ck_ruin_tie(const ck_ruin_law *law, uint64_t seed, uint64_t stream,
                                   uint64_t draw, uint32_t word, uint32_t cell) {
    uint32_t more[4];
    ck_philox(seed, stream | CK_RUIN_TIES, draw, more);
    uint64_t low = more[0] | (uint64_t)more[1] << 32;
    uint64_t bits = ((uint64_t)word << 32 | low >> law->draw_bits) >> 1;
    uint64_t mask = ((uint64_t)1 << (63 - law->columns)) - 1;
    uint32_t column = cell & ((1u << law->columns) - 1);
    return (bits & mask) < law->threshold[cell] ? column : law->table[cell] & 0xFFF;
}

static inline bool ck_ruin_stopped(const ck_ruin_law *law, int64_t position, uint64_t left) {
    return left == 0 || position <= 0 || position >= law->goal;
}

/// One draw: `word` holds the drawn bits at its top and zeros below.
static inline void ck_ruin_step(const ck_ruin_law *law, uint64_t seed, uint64_t stream,
                                uint64_t draw, uint32_t word, int64_t *position, uint64_t *left) {
    uint64_t games = ck_ruin_safe(law, *position, *left);
    uint32_t exponent = 63 - (uint32_t)__builtin_clzll(games);
    uint32_t finer = (1u << law->mantissa) - 1;
    uint32_t rung = exponent << law->mantissa | ((uint32_t)(games << law->mantissa >> exponent) & finer);
    if (exponent > law->mantissa) {
        uint32_t cut = exponent - law->mantissa;
        games = games >> cut << cut;
    }
    uint32_t cell = rung << law->columns | word >> (32 - law->columns);
    uint32_t entry = law->table[cell];
    uint32_t fraction = word << law->columns >> 12, threshold = entry >> 12;
    uint32_t index = fraction < threshold ? word >> (32 - law->columns) : entry & 0xFFF;
    if (fraction == threshold) index = ck_ruin_tie(law, seed, stream, draw, word, cell);
    *position += law->amounts ? law->amounts[index] : (int64_t)games * law->base + law->span * index;
    *left -= games;
}

static bool ck_ruin_walk_plain(const ck_ruin_law *law, uint64_t seed, uint64_t first,
                               int64_t *position, uint64_t *left, uint64_t *blocks, size_t count,
                               uint64_t budget) {
    bool narrow = law->draw_bits == 16;
    uint32_t draws = narrow ? 8 : 4;
    for (size_t i = 0; i < count; i++) {
        while (!ck_ruin_stopped(law, position[i], left[i])) {
            if (budget == 0) return false;
            budget -= 1;
            uint32_t words[4];
            ck_philox(seed, first + i, blocks[i], words);
            for (uint32_t k = 0; k < draws && !ck_ruin_stopped(law, position[i], left[i]); k++) {
                uint32_t word = !narrow ? words[k] : k & 1 ? words[k >> 1] << 16 : words[k >> 1] & 0xFFFF0000u;
                ck_ruin_step(law, seed, first + i, blocks[i] * draws + k, word, &position[i], &left[i]);
            }
            blocks[i] += 1;
        }
    }
    return true;
}

static uint32_t ck_ruin_draws_plain(uint64_t seed, uint64_t first, size_t count, size_t blocks) {
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

// ---- The fast versions: many gamblers at once, the same numbers. ----

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#define CK_LANES 8
#define CK_NAME(x) x##_avx2
#define CK_GATHER(table, index) ((CK_NAME(int_lanes))_mm256_i32gather_epi32((const int *)(table), (__m256i)(index), 4))
#define CK_MASK(lanes) ((uint32_t)_mm256_movemask_ps((__m256)(lanes)))
#include "ruin_lanes.h"
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c"))), apply_to = function)
#define CK_LANES 16
#define CK_NAME(x) x##_avx512
#define CK_GATHER(table, index) ((CK_NAME(int_lanes))_mm512_i32gather_epi32((__m512i)(index), (const int *)(table), 4))
#define CK_MASK(lanes) ((uint32_t)_mm512_movepi32_mask((__m512i)(lanes)))
#include "ruin_lanes.h"
#pragma clang attribute pop

#elif defined(__aarch64__)
#define CK_LANES 4
#define CK_NAME(x) x##_neon
#define CK_GATHER(table, index) ((CK_NAME(int_lanes)){(int32_t)(table)[(index)[0]], (int32_t)(table)[(index)[1]], (int32_t)(table)[(index)[2]], (int32_t)(table)[(index)[3]]})
#define CK_MASK(lanes) (((lanes)[0] & 1u) | ((lanes)[1] & 2u) | ((lanes)[2] & 4u) | ((lanes)[3] & 8u))
#include "ruin_lanes.h"
#endif

/// Whether everything about this walk fits into 32-bit lanes, divisions through float
/// included (⌊(u + ½)·(1/a)⌋ is exact where u and the quotient's error stay below 2^22).
static bool ck_ruin_fits(const ck_ruin_law *law, const uint64_t *left, size_t count) {
    int64_t step = law->rise > law->fall ? law->rise : law->fall;
    if (law->amounts || law->rise < 1 || law->fall < 1 || law->goal > 1 << 30) return false;
    if (step > 1 << 22 || law->longest * step > 1 << 22) return false;
    for (size_t i = 0; i < count; i++) {
        if (left[i] > 1 << 30) return false;
    }
    return true;
}

bool ck_ruin_walk(ck_instruction_set isa, const ck_ruin_law *law, uint64_t seed, uint64_t first,
                  int64_t *position, uint64_t *left, uint64_t *blocks, size_t count,
                  uint64_t budget) {
    if (isa != CK_PLAIN && ck_ruin_fits(law, left, count)) {
        switch (isa) {
#if defined(__x86_64__)
        case CK_AVX2:
            return ck_ruin_walk_avx2(law, seed, first, position, left, blocks, count, budget);
        case CK_AVX512:
            return ck_ruin_walk_avx512(law, seed, first, position, left, blocks, count, budget);
#elif defined(__aarch64__)
        case CK_NEON:
            return ck_ruin_walk_neon(law, seed, first, position, left, blocks, count, budget);
#endif
        default:
            break;
        }
    }
    return ck_ruin_walk_plain(law, seed, first, position, left, blocks, count, budget);
}

uint32_t ck_ruin_draws(ck_instruction_set isa, uint64_t seed, uint64_t first, size_t count, size_t blocks) {
    switch (isa) {
#if defined(__x86_64__)
    case CK_AVX2:
        return ck_ruin_draws_avx2(seed, first, count, blocks);
    case CK_AVX512:
        return ck_ruin_draws_avx512(seed, first, count, blocks);
#elif defined(__aarch64__)
    case CK_NEON:
        return ck_ruin_draws_neon(seed, first, count, blocks);
#endif
    default:
        return ck_ruin_draws_plain(seed, first, count, blocks);
    }
}
