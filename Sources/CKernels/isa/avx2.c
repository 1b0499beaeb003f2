// x86-64 with AVX2, FMA and F16C.
#if defined(__x86_64__)
#include "isa/system.h"
#define TABLE ck_kernels_avx2
#define REGISTER 32
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#include "isa/vector_set.h"
#pragma clang attribute pop
#endif
