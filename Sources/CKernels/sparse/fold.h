#ifndef CK_SPARSE_FOLD_H
#define CK_SPARSE_FOLD_H

/// The sum of 32 lanes as a tree: 32 → 16 → 8 → 4 → 2 → 1, lane l with lane l + half.
static inline float fold_lanes(const float *lane) {
    float sums[16];
    for (size_t l = 0; l < 16; l++) sums[l] = lane[l] + lane[l + 16];
    for (size_t half = 8; half > 0; half /= 2)
        for (size_t l = 0; l < half; l++) sums[l] += sums[l + half];
    return sums[0];
}

#endif
