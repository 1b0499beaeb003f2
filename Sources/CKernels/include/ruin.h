#ifndef CK_RUIN_H
#define CK_RUIN_H

#include "instruction_set.h"
#include <stddef.h>
#include <stdint.h>

/// Tags in the top bits of a Philox stream; a gambler's number is the rest of it.
#define CK_RUIN_TIES ((uint64_t)1 << 63)

/// The law of a block of games: how far a gambler moves in m games that cannot absorb
/// it, for each m of a ladder 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20 … (`mantissa`
/// bits below the leading one), as one alias table (Walker, 1977) a rung.
///
/// A rung's table has 2^columns entries. A draw is a 63-bit number u: its top `columns`
/// bits choose a column, the others are compared with the column's threshold: below it
/// the lattice index is the column itself, else the column's alias. m games move the
/// gambler by m·base + span·index.
typedef struct ck_ruin_law {
    /// [rung][column]: the threshold's leading bits (20, left-aligned, those beyond
    /// draw_bits − columns zero) above the alias (12).
    const uint32_t *table;
    /// [rung][column]: the whole threshold, in units of 2^-63.
    const uint64_t *threshold;
    /// Null, or by column what one game pays: then games are played one by one.
    const int64_t *amounts;
    uint32_t columns;   ///< bits that choose the column: at most 12
    uint32_t draw_bits; ///< 16 or 32: bits drawn at once; the rest are drawn only at a tie
    uint32_t mantissa;  ///< bits of a rung below its leading one
    int64_t base;       ///< what a game pays at least (negative for a loss)
    int64_t span;       ///< step of the lattice that payments lie on
    int64_t rise;       ///< the largest win of a game, or 0 where none wins
    int64_t fall;       ///< the largest loss of a game, or 0 where none loses
    int64_t goal;       ///< absorbed here and above; and at 0 and below
    int64_t longest;    ///< no block has more games than this
} ck_ruin_law;

/// Plays on, for each of `count` gamblers, until it is absorbed or has no games left, or
/// until `budget` blocks of random numbers (8 draws, or 4 where draw_bits is 32) have
/// been spent. Gambler i draws from the Philox stream first + i, from block blocks[i];
/// its state is (position[i], left[i], blocks[i]), and the call can be repeated.
/// Returns true when every gambler has stopped.
///
/// A gambler at distance d from a barrier cannot reach it in fewer than ⌈d / largest
/// step⌉ games, so that many are drawn at once, exactly; the state after the block is
/// that after as many single games.
bool ck_ruin_walk(ck_instruction_set isa, const ck_ruin_law *law, uint64_t seed, uint64_t first,
                  int64_t *position, uint64_t *left, uint64_t *blocks, size_t count,
                  uint64_t budget);

/// Only makes the random blocks that `ck_ruin_walk` would: `count` gamblers, `blocks`
/// each. Returns a checksum. Its time is the bound that random bits set to the walk.
uint32_t ck_ruin_draws(ck_instruction_set isa, uint64_t seed, uint64_t first, size_t count,
                       size_t blocks);

#endif
