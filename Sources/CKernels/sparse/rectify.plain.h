// Layers of rectified linear units, one unit at a time: the reference.

static inline ck_activity REFERENCE(rectify_groups)(const float *y, const uint32_t *group,
                                                    size_t groups, ck_layer layer) {
    ck_activity done = {0};
    float change[32] = {0}, norm[32] = {0};
    for (size_t k = 0; k < groups; k++) {
        float least = INFINITY;
        bool is_finite = true;
        size_t before = done.units;
        for (size_t l = 0, j = 32 * (size_t)group[k]; l < 32; l++, j++) {
            float h = y[j] > 0 ? y[j] : 0, difference = h - layer.previous[j];
            float margin = -(y[j] + layer.slack[j]) * layer.scale[j];
            change[l] = fmaf(difference, difference, change[l]);
            norm[l] = fmaf(h, h, norm[l]);
            layer.previous[j] = h;
            if (margin < least) least = margin;
            if (y[j] - y[j] != 0) is_finite = false;
            if (h > 0) {
                layer.index[done.units] = (uint32_t)j;
                layer.value[done.units++] = h;
            }
        }
        layer.inactive_until[group[k]] =
            is_finite ? fmaf(least, layer.shrink, layer.base) : -INFINITY;
        if (done.units > before) layer.group[done.groups++] = group[k];
    }
    done.change = fold_lanes(change);
    done.norm = fold_lanes(norm);
    return done;
}

static inline ck_activity REFERENCE(observe)(const float *x, size_t first, size_t groups,
                                             float *previous, uint32_t *group) {
    ck_activity done = {0};
    float change[32] = {0}, norm[32] = {0};
    for (size_t k = first; k < first + groups; k++) {
        bool is_zero = true;
        for (size_t l = 0, j = 32 * k; l < 32; l++, j++) {
            float difference = x[j] - previous[j];
            change[l] = fmaf(difference, difference, change[l]);
            norm[l] = fmaf(x[j], x[j], norm[l]);
            previous[j] = x[j];
            if (x[j] != 0) is_zero = false;
        }
        if (!is_zero) group[done.groups++] = (uint32_t)k;
    }
    done.change = fold_lanes(change);
    done.norm = fold_lanes(norm);
    return done;
}

static inline size_t REFERENCE(possibly_active)(const float *inactive_until, size_t first, size_t n,
                                                float drift, uint32_t *index) {
    size_t count = 0;
    for (size_t j = 0; j < n; j++) {
        // Written in any case and counted where it holds: no branch to predict.
        index[count] = (uint32_t)(first + j);
        count += !(inactive_until[first + j] > drift);
    }
    return count;
}
