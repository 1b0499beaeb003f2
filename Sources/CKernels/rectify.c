#include "dispatch.h"
#include "fold.h"
#include "rectify.h"
#include <math.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

// The plain references.

static ck_activity rectify_groups_plain(const float *y, const uint32_t *group, size_t groups,
                                        ck_layer layer) {
    ck_activity done = {0};
    float change[32] = {0}, norm[32] = {0};
    for (size_t k = 0; k < groups; k++) {
        float least = INFINITY;
        bool isFinite = true;
        size_t before = done.units;
        for (size_t l = 0, j = 32 * (size_t)group[k]; l < 32; l++, j++) {
            float h = y[j] > 0 ? y[j] : 0, difference = h - layer.previous[j];
            float margin = -(y[j] + layer.slack[j]) * layer.scale[j];
            change[l] = fmaf(difference, difference, change[l]);
            norm[l] = fmaf(h, h, norm[l]);
            layer.previous[j] = h;
            if (margin < least) least = margin;
            if (y[j] - y[j] != 0) isFinite = false;
            if (h > 0) {
                layer.index[done.units] = (uint32_t)j;
                layer.value[done.units++] = h;
            }
        }
        layer.inactive_until[group[k]] = isFinite ? fmaf(least, layer.shrink, layer.base) : -INFINITY;
        if (done.units > before) layer.group[done.groups++] = group[k];
    }
    done.change = ck_fold(change);
    done.norm = ck_fold(norm);
    return done;
}

static ck_activity observe_plain(const float *x, size_t first, size_t groups, float *previous,
                                 uint32_t *group) {
    ck_activity done = {0};
    float change[32] = {0}, norm[32] = {0};
    for (size_t k = first; k < first + groups; k++) {
        bool isZero = true;
        for (size_t l = 0, j = 32 * k; l < 32; l++, j++) {
            float difference = x[j] - previous[j];
            change[l] = fmaf(difference, difference, change[l]);
            norm[l] = fmaf(x[j], x[j], norm[l]);
            previous[j] = x[j];
            if (x[j] != 0) isZero = false;
        }
        if (!isZero) group[done.groups++] = (uint32_t)k;
    }
    done.change = ck_fold(change);
    done.norm = ck_fold(norm);
    return done;
}

static size_t possibly_active_plain(const float *inactive_until, size_t first, size_t n, float drift,
                          uint32_t *index) {
    size_t count = 0;
    for (size_t j = 0; j < n; j++) {
        index[count] = (uint32_t)(first + j);
        count += !(inactive_until[first + j] > drift);
    }
    return count;
}

// One unit at a time is as fast as it need be: few hundreds, that lie anywhere.
ck_activity ck_rectify_units(const float *y, const float *bias, const uint32_t *unit, size_t units,
                             ck_layer layer) {
    ck_activity done = {0};
    float change[32] = {0}, norm[32] = {0};
    for (size_t k = 0; k < units; k++) {
        uint32_t j = unit[k];
        float v = y[k] + bias[j], h = v > 0 ? v : 0, difference = h - layer.previous[j];
        float margin = -(v + layer.slack[j]) * layer.scale[j];
        change[k % 32] += difference * difference;
        norm[k % 32] += h * h;
        layer.previous[j] = h;
        layer.inactive_until[j] = v - v == 0 ? margin * layer.shrink + layer.base : -INFINITY;
        layer.index[done.units] = j;
        layer.value[done.units] = h;
        done.units += h > 0;
    }
    done.change = ck_fold(change);
    done.norm = ck_fold(norm);
    return done;
}

// The vector versions: one template, compiled for each instruction set.

#define TEMPLATE "rectify.template.h"
#include "vector_paths.h"

ck_activity ck_rectify_groups(ck_instruction_set isa, const float *y, const uint32_t *group, size_t groups,
                              ck_layer layer) {
    DISPATCH(isa, rectify_groups, y, group, groups, layer)
}

ck_activity ck_observe(ck_instruction_set isa, const float *x, size_t first, size_t groups, float *previous,
                       uint32_t *group) {
    DISPATCH(isa, observe, x, first, groups, previous, group)
}

size_t ck_possibly_active(ck_instruction_set isa, const float *inactive_until, size_t first, size_t n, float drift,
                uint32_t *index) {
    DISPATCH(isa, possibly_active, inactive_until, first, n, drift, index)
}
