#ifndef CK_CHAIN_H
#define CK_CHAIN_H

#include "instruction_set.h"
#include <stddef.h>
#include <stdint.h>

// Several operations of ck_add's kind in one pass over a block. What they hand on to each other stays in
// registers: each operation alone would write its result to memory, and the next one read it.

/// What a step does with the values on top of a stack of at most CK_CHAIN_DEPTH, each of which stands
/// for a whole block. m and k are blocks in memory, x is the value on top, w the one below it.
typedef enum {
    /// m goes onto the stack.
    CK_LOAD,
    /// x ← x + m, and so on, as ck_add, ck_subtract, ck_multiply, ck_divide, ck_minimum, ck_maximum and
    /// ck_less_or_equal do.
    CK_ADD,
    CK_SUBTRACT,
    CK_MULTIPLY,
    CK_DIVIDE,
    CK_MINIMUM,
    CK_MAXIMUM,
    CK_LESS_OR_EQUAL,
    /// x ← m − x, and so on, for those that do not commute.
    CK_SUBTRACT_FROM,
    CK_DIVIDE_INTO,
    CK_MINIMUM_FROM,
    CK_MAXIMUM_FROM,
    CK_LESS_OR_EQUAL_FROM,
    /// x ← x + m k, x ← x − m k, rounded after the product and after the sum.
    CK_ADD_PRODUCT,
    CK_SUBTRACT_PRODUCT,
    /// x leaves the stack, w ← w + x, and so on.
    CK_ADD_TOP,
    CK_SUBTRACT_TOP,
    CK_MULTIPLY_TOP,
    CK_DIVIDE_TOP,
    CK_MINIMUM_TOP,
    CK_MAXIMUM_TOP,
    CK_LESS_OR_EQUAL_TOP,
    /// x ← −x, and so on, as ck_negate, ck_absolute, ck_sign, ck_square_root, ck_positive_reciprocal do.
    CK_NEGATE,
    CK_ABSOLUTE,
    CK_SIGN,
    CK_SQUARE_ROOT,
    CK_POSITIVE_RECIPROCAL,
    /// x ← x x
    CK_SQUARE,
    /// A condition c and two values a, b, the last on top, become one value: a where c is not 0, b where
    /// it is, NaN where c is NaN.
    CK_SELECT,
} ck_chain_operation;

#define CK_CHAIN_DEPTH 3

typedef struct {
    uint8_t operation;
    /// Values on the stack before the step, less one; for CK_LOAD the place that it fills.
    uint8_t top;
    /// The blocks m and k, where there are such.
    uint32_t m, k;
} ck_chain_step;

/// Runs a chain over n elements: block b begins at memory + b · stride, and the one value that is on the
/// stack in the end goes to block `destination`, which may be one of those that are read.
///
/// stride is a multiple of 8, and whole groups of 8 elements may be written.
void ck_chain(ck_instruction_set isa, const ck_chain_step *steps, size_t count, double *memory,
              size_t stride, size_t destination, size_t n);

#endif
