#include "table.h"

const ck_lanes *ck_lanes_of(ck_instruction_set isa) {
    switch (isa) {
#if defined(__x86_64__)
    case CK_AVX2:
        return &ck_lanes_avx2;
    case CK_AVX512:
        return &ck_lanes_avx512;
#elif defined(__aarch64__)
    case CK_NEON:
        return &ck_lanes_neon;
#endif
    default:
        return &ck_lanes_plain;
    }
}

const ck_lanes *ck_lanes_of_one(void) {
#if defined(__x86_64__)
    if (ck_selected() != CK_PLAIN) return &ck_lanes_fused;
#endif
    return &ck_lanes_plain;
}
