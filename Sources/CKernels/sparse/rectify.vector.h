// Layers of rectified linear units, a register at a time.

static ck_activity kernel_rectify_groups(const float *y, const uint32_t *group, size_t groups,
                                         ck_layer layer) {
    ck_activity done = {0};
    floats change[GROUP_REGISTERS], norm[GROUP_REGISTERS];
    for (size_t b = 0; b < GROUP_REGISTERS; b++) change[b] = norm[b] = (floats)0;
    for (size_t k = 0; k < groups; k++) {
        size_t first = 32 * (size_t)group[k], before = done.units;
        floats least = (floats)INFINITY;
        ints not_finite = (ints)0;
        UNROLLED(b, GROUP_REGISTERS) {
            size_t j = first + b * LANES_F32;
            floats v = load_f32(y + j), h = v > 0 ? v : (floats)0;
            floats difference = h - load_f32(layer.previous + j);
            floats margin = -(v + load_f32(layer.slack + j)) * load_f32(layer.scale + j);
            change[b] = fma_f32(difference, difference, change[b]);
            norm[b] = fma_f32(h, h, norm[b]);
            store_f32(layer.previous + j, h);
            least = margin < least ? margin : least;
            not_finite |= v - v != 0;
        }
        layer.inactive_until[group[k]] =
            __builtin_reduce_or(not_finite)
                ? -INFINITY
                : __builtin_fmaf(__builtin_reduce_min(least), layer.shrink, layer.base);
        // Few are active, so they are visited by their bits.
        for (size_t j = first; j < first + 32; j += LANES_F32) {
            uint32_t bits = set_lanes(load_f32(layer.previous + j) > 0);
            for (; bits; bits &= bits - 1) {
                size_t active = j + (size_t)__builtin_ctz(bits);
                layer.index[done.units] = (uint32_t)active;
                layer.value[done.units++] = layer.previous[active];
            }
        }
        if (done.units > before) layer.group[done.groups++] = group[k];
    }
    done.change = fold_registers(change);
    done.norm = fold_registers(norm);
    return done;
}

static ck_activity kernel_observe(const float *x, size_t first, size_t groups, float *previous,
                                  uint32_t *group) {
    ck_activity done = {0};
    floats change[GROUP_REGISTERS], norm[GROUP_REGISTERS];
    for (size_t b = 0; b < GROUP_REGISTERS; b++) change[b] = norm[b] = (floats)0;
    for (size_t k = first; k < first + groups; k++) {
        ints not_zero = (ints)0;
        UNROLLED(b, GROUP_REGISTERS) {
            size_t j = 32 * k + b * LANES_F32;
            floats v = load_f32(x + j), difference = v - load_f32(previous + j);
            change[b] = fma_f32(difference, difference, change[b]);
            norm[b] = fma_f32(v, v, norm[b]);
            store_f32(previous + j, v);
            not_zero |= v != 0;
        }
        if (__builtin_reduce_or(not_zero)) group[done.groups++] = (uint32_t)k;
    }
    done.change = fold_registers(change);
    done.norm = fold_registers(norm);
    return done;
}

static size_t kernel_possibly_active(const float *inactive_until, size_t first, size_t n,
                                     float drift, uint32_t *index) {
    size_t count = 0, j = 0;
    for (; j + LANES_F32 <= n; j += LANES_F32) {
        uint32_t bits = set_lanes(~(load_f32(inactive_until + first + j) > drift));
        for (; bits; bits &= bits - 1)
            index[count++] = (uint32_t)(first + j) + (uint32_t)__builtin_ctz(bits);
    }
    return count + plain_possibly_active(inactive_until, first + j, n - j, drift, index + count);
}
