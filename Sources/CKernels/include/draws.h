#ifndef CK_DRAWS_H
#define CK_DRAWS_H

#include "instruction_set.h"
#include <stddef.h>
#include <stdint.h>

// Random words and draws in bulk from Philox4x32-10 (philox.h). out[i] is a pure function
// of (seed, stream, first + i): the same bits whatever the range, the chunks it is cut
// into and the instruction set. Two draws come from a block, so draws 2b and 2b + 1 use block b;
// streams that serve two distributions at once would correlate them.

/// Blocks first_block … first_block + n_blocks − 1, four words each.
void ck_philox_fill(ck_instruction_set isa, uint64_t seed, uint64_t stream, uint64_t first_block,
                    size_t n_blocks, uint32_t *out);

/// Uniform on (0, 1): (j + ½)·2^−52 with j the 52 upper bits of draw i's 64; never 0 or
/// 1, symmetric about ½.
void ck_uniform(ck_instruction_set isa, uint64_t seed, uint64_t stream, uint64_t first, size_t n,
                double *out);

/// Standard logistic, log(u/(1−u)); at most 36.7 in size.
void ck_logistic(ck_instruction_set isa, uint64_t seed, uint64_t stream, uint64_t first, size_t n,
                 double *out);

/// Exponential of mean 1, −log u.
void ck_exponential(ck_instruction_set isa, uint64_t seed, uint64_t stream, uint64_t first,
                    size_t n, double *out);

/// Standard normal by Box and Muller's transform of one block to the draws 2b and
/// 2b + 1; 63 bits of radius and 52 of angle, so the tails are right up to 9.4.
void ck_normal(ck_instruction_set isa, uint64_t seed, uint64_t stream, uint64_t first, size_t n,
               double *out);

#endif
