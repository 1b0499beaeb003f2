// One lane with the processor's own fused multiply-add, for numbers that come alone: the
// plain reference must do without it on x86-64 and calls a function for each.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#define CK_DOUBLES 1
#define CK_FLOATS 1
#define CK_TABLE ck_lanes_fused
#include "kernels.h"
#pragma clang attribute pop
#endif
