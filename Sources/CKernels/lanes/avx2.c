#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#define CK_DOUBLES 4
#define CK_FLOATS 8
#define CK_TABLE ck_lanes_avx2
#include "kernels.h"
#pragma clang attribute pop
#endif
