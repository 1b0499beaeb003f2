#ifndef CK_HALF_H
#define CK_HALF_H

#include "instruction_set.h"
#include <stddef.h>
#include <stdint.h>

/// binary32 → binary16, to nearest, ties to even; overflow gives infinity.
void ck_half_from_float(ck_instruction_set isa, const float *x, uint16_t *h, size_t n);
/// binary16 → binary32, exact.
void ck_float_from_half(ck_instruction_set isa, const uint16_t *h, float *x, size_t n);

#endif
