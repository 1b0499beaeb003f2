#if defined(__x86_64__)
#pragma clang attribute push(                                                           \
    __attribute__((target("avx2,fma,f16c,avx512f,avx512bw,avx512dq,avx512vl"))),        \
    apply_to = function)
#define CK_DOUBLES 8
#define CK_FLOATS 16
#define CK_TABLE ck_lanes_avx512
#include "kernels.h"
#pragma clang attribute pop
#endif
