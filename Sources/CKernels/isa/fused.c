// The plain reference with the processor's own fused multiply-add, for numbers that come alone.
#if defined(__x86_64__)
#include "isa/system.h"
#define TABLE ck_kernels_fused
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#include "isa/plain_set.h"
#pragma clang attribute pop
#endif
