// Eight doubles on registers of four: two independent chains hide each other's latency,
// and both share a constant's load. (Four lanes measured 10 to 30 % slower.)
#if defined(__x86_64__)
// Wider vectors than the registers may not cross calls; every function here is inlined.
#pragma clang diagnostic ignored "-Wpsabi"
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#define CK_DOUBLES 8
#define CK_FLOATS 16
#define CK_TABLE ck_lanes_avx2
#include "kernels.h"
#pragma clang attribute pop
#endif
