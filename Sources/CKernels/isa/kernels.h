#ifndef CK_ISA_KERNELS_H
#define CK_ISA_KERNELS_H

#include "CKernels.h"

/// The versions of all kernels for one instruction set.
typedef struct {
#define KERNEL(result, name, arguments, ...) result (*name)(__VA_ARGS__);
#include "isa/kernel_list.h"
#undef KERNEL
} ck_kernels;

/// A build has those that its architecture can run. `fused` is the plain reference with the
/// processor's fused multiply-add: x86-64 as such has none, so the reference calls a function.
extern const ck_kernels ck_kernels_plain, ck_kernels_fused, ck_kernels_avx2, ck_kernels_avx512,
    ck_kernels_neon;

/// The kernels for `set`; the plain ones where this build lacks them.
const ck_kernels *ck_kernels_for(ck_instruction_set set);

/// The kernels that are fastest for one number.
const ck_kernels *ck_kernels_for_one(void);

#endif
