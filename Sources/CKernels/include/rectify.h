#ifndef CK_RECTIFY_H
#define CK_RECTIFY_H

#include "instruction_set.h"
#include <stddef.h>
#include <stdint.h>

// Layers of rectified linear units, h = max(y, 0). Most units are inactive (h = 0), and most of
// those provably stay inactive while the layer's input moves little. Units come in groups of 32.

/// A layer, and what is kept of it from one evaluation to the next.
typedef struct {
    /// Of each unit; its margin is −(y + slack)·scale.
    const float *scale, *slack;
    float base, shrink;
    /// Of each unit, or of each group: the drift of the layer's input until which it is provably
    /// inactive, base + shrink · margin with the smallest margin of the group; −∞ where a y is not
    /// finite.
    float *inactive_until;
    /// Of each unit: h of the evaluation before, replaced by that of this one.
    float *previous;
    /// Written: the numbers of the active units in rising order, and their h.
    uint32_t *index;
    float *value;
    /// Written: the groups with active units, in rising order.
    uint32_t *group;
} ck_layer;

/// What a call found in its share of a layer.
typedef struct {
    /// How many units are active, and how many groups have active units.
    size_t units, groups;
    /// Σ (h − previous)² and Σ h², in 32 lanes that fold as a tree, lane l with l + half.
    float change, norm;
} ck_activity;

/// h = max(y, 0) for the listed groups, whose numbers rise; writes inactive_until[group[k]].
ck_activity ck_rectify_groups(ck_instruction_set isa, const float *y, const uint32_t *group,
                              size_t groups, ck_layer layer);

/// The same for single units, unit[k] with pre-activation y[k] + bias[unit[k]]; writes
/// inactive_until[unit[k]]. Groups with active units are not listed, lane l takes k ≡ l (mod 32),
/// and products are rounded before they are added.
ck_activity ck_rectify_units(const float *y, const float *bias, const uint32_t *unit, size_t units,
                             ck_layer layer);

/// `change` and `norm` of a dense input, groups `first` to `first + groups − 1`, and the list of
/// those groups that are not 0 everywhere.
ck_activity ck_observe(ck_instruction_set isa, const float *x, size_t first, size_t groups,
                       float *previous, uint32_t *group);

/// Writes the j, first ≤ j < first + n, for which inactive_until[j] > drift does not hold, in
/// order; returns how many. `index` has room for n.
size_t ck_possibly_active(ck_instruction_set isa, const float *inactive_until, size_t first,
                          size_t n, float drift, uint32_t *index);

#endif
