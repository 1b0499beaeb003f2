#include "isa/kernels.h"
#include "sparse/fold.h"
#include <math.h>

#pragma STDC FP_CONTRACT OFF

// The same for every instruction set: the units are few hundred and lie anywhere, and one at a time
// is as fast as is needed.
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
    done.change = fold_lanes(change);
    done.norm = fold_lanes(norm);
    return done;
}
