// Compiles the template TEMPLATE, of kernels on binary32 lanes, for each instruction set: WIDTH is
// the number of lanes, NAME(f) the name of the version of f. Included once a file, hence no guard.

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#define WIDTH 8
#define NAME(f) f##_avx2
#include TEMPLATE
#undef WIDTH
#undef NAME
#pragma clang attribute pop
#pragma clang attribute push( \
    __attribute__((target("avx2,fma,f16c,avx512f,avx512bw,avx512dq,avx512vl"))), apply_to = function)
#define WIDTH 16
#define NAME(f) f##_avx512
#include TEMPLATE
#undef WIDTH
#undef NAME
#pragma clang attribute pop
#elif defined(__aarch64__)
#define WIDTH 4
#define NAME(f) f##_neon
#include TEMPLATE
#undef WIDTH
#undef NAME
#endif
