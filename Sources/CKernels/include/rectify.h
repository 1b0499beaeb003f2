#ifndef CK_RECTIFY_H
#define CK_RECTIFY_H

#include "instruction_set.h"
#include <stddef.h>
#include <stdint.h>

// Layers of rectified linear units, h = max(y, 0), of which most are inactive (h = 0) and most of
// those provably stay so while the layer's input moves little. Units come in groups of 32.

/// A layer, and what is kept of it from one evaluation to the next.
typedef struct {
    /// Of each unit: its margin is −(y + slack)·scale.
    const float *scale, *slack;
    /// What is noted of a unit or of a group is base + shrink · its margin, the least one's in a
    /// group; −∞ where a y is not finite.
    float base, shrink;
    float *inactive_until;
    /// h of the evaluation before; becomes that of this one.
    float *previous;
    /// The active units' numbers in rising order and their h.
    uint32_t *index;
    float *value;
    /// The groups with active units, in rising order.
    uint32_t *group;
} ck_layer;

/// How much a layer did.
typedef struct {
    /// Active units; groups that have some.
    size_t units, groups;
    /// Σ (h − previous)² and Σ h², in 32 lanes that fold as a tree, lane l with l + half.
    float change, norm;
} ck_activity;

/// h = max(y, 0) for the listed groups, whose numbers rise; inactive_until[group[k]] is noted.
ck_activity ck_rectify_groups(ck_instruction_set isa, const float *y, const uint32_t *group,
                              size_t groups, ck_layer layer);

/// The same for single units, unit[k] with pre-activation y[k] + bias[unit[k]]; inactive_until[unit[k]] is
/// noted. The groups with active units are not listed, and lane l takes k ≡ l (mod 32).
ck_activity ck_rectify_units(const float *y, const float *bias, const uint32_t *unit, size_t units,
                             ck_layer layer);

/// An input that is no layer's output, groups `first` to `first + groups − 1`: `change` and `norm`
/// of it, and the list of the groups that are not 0 everywhere.
ck_activity ck_observe(ck_instruction_set isa, const float *x, size_t first, size_t groups,
                       float *previous, uint32_t *group);

/// The j from `first` on for which not inactive_until[j] > drift, in order, 0 ≤ j − first < n; returns how
/// many.
size_t ck_possibly_active(ck_instruction_set isa, const float *inactive_until, size_t first,
                          size_t n, float drift, uint32_t *index);

#endif
