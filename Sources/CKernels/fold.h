#ifndef CK_FOLD_H
#define CK_FOLD_H

#include <stddef.h>

/// The sum of 32 lanes as a tree: 32 → 16 → 8 → 4 → 2 → 1, lane l with lane l + half. Overwrites them.
static inline float ck_fold(float *lane) {
    for (size_t half = 16; half > 0; half /= 2)
        for (size_t l = 0; l < half; l++) lane[l] += lane[l + half];
    return lane[0];
}

#endif
