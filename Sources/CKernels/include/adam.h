#ifndef CK_ADAM_H
#define CK_ADAM_H

#include "instruction_set.h"
#include <stddef.h>

/// A step of AdamW (Loshchilov, Hutter, "Decoupled weight decay regularization", ICLR 2019).
typedef struct {
    /// What a gradient is multiplied with first.
    float gradient_factor;
    /// β₁, 1 − β₁, β₂, 1 − β₂.
    float first_decay, first_share, second_decay, second_share;
    /// Learning rate / (1 − β₁ᵗ), 1 / √(1 − β₂ᵗ), ε.
    float step, second_factor, epsilon;
    /// 1 − learning rate · weight decay.
    float retained;
    /// How far the average moves towards the new weight.
    float average_share;
} ck_adam_step;

/// m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², w ← w · retained − step · m / (√v · second_factor + ε),
/// average ← average + share · (w − average), element by element. g null is a gradient of 0; average
/// may be null. None overlaps another.
void ck_adam(ck_instruction_set isa, const ck_adam_step *step, const float *g, float *w, float *m,
             float *v, float *average, size_t n);

#endif
