// x86-64 with AVX-512 F, BW, DQ and VL besides.
#if defined(__x86_64__)
#include "isa/system.h"
#define TABLE ck_kernels_avx512
#define REGISTER 64
#pragma clang attribute push(                                                    \
    __attribute__((target("avx2,fma,f16c,avx512f,avx512bw,avx512dq,avx512vl"))), \
    apply_to = function)
#include "isa/vector_set.h"
#pragma clang attribute pop
#endif
