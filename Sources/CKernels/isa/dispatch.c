#include "isa/kernels.h"

const ck_kernels *ck_kernels_for(ck_instruction_set set) {
    switch (set) {
#if defined(__x86_64__)
    case CK_AVX2: return &ck_kernels_avx2;
    case CK_AVX512: return &ck_kernels_avx512;
#elif defined(__aarch64__)
    case CK_NEON: return &ck_kernels_neon;
#endif
    default: return &ck_kernels_plain;
    }
}

const ck_kernels *ck_kernels_for_one(void) {
#if defined(__x86_64__)
    if (ck_selected() != CK_PLAIN) return &ck_kernels_fused;
#endif
    return &ck_kernels_plain;
}

// The public functions of the headers in include/.
#define KERNEL(result, name, arguments, ...)                \
    result ck_##name(ck_instruction_set isa, __VA_ARGS__) { \
        return ck_kernels_for(isa)->name arguments;         \
    }
#include "isa/kernel_list.h"
#undef KERNEL
