#include "draws.h"
#include "lanes/table.h"

void ck_philox_fill(ck_instruction_set isa, uint64_t seed, uint64_t stream, uint64_t first_block,
                    size_t n_blocks, uint32_t *out) {
    ck_lanes_of(isa)->philox_fill(seed, stream, first_block, n_blocks, out);
}

#define FILL(name)                                                                      \
    void ck_##name(ck_instruction_set isa, uint64_t seed, uint64_t stream, uint64_t first,        \
                   size_t n, double *out) {                                             \
        ck_lanes_of(isa)->name(seed, stream, first, n, out);                           \
    }
FILL(uniform)
FILL(logistic)
FILL(exponential)
FILL(normal)
