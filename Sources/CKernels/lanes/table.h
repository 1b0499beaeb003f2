#ifndef CK_TABLE_H
#define CK_TABLE_H

#include "../include/instruction_set.h"
#include <stddef.h>
#include <stdint.h>

/// One instruction set's kernels over arrays.
typedef struct {
    void (*exp)(const double *, double *, size_t);
    void (*expm1)(const double *, double *, size_t);
    void (*log)(const double *, double *, size_t);
    void (*log1p)(const double *, double *, size_t);
    void (*sin)(const double *, double *, size_t);
    void (*cos)(const double *, double *, size_t);
    void (*tan)(const double *, double *, size_t);
    void (*tanh)(const double *, double *, size_t);
    void (*erf)(const double *, double *, size_t);
    void (*erfc)(const double *, double *, size_t);
    void (*sigmoid)(const double *, double *, size_t);
    void (*softplus)(const double *, double *, size_t);
    void (*normal_cdf)(const double *, double *, size_t);
    void (*sincos)(const double *, double *, double *, size_t);
    void (*pow)(const double *, const double *, double *, size_t);
    void (*expf)(const float *, float *, size_t);
    void (*logf)(const float *, float *, size_t);
    void (*tanhf)(const float *, float *, size_t);
    void (*sigmoidf)(const float *, float *, size_t);
    void (*softplusf)(const float *, float *, size_t);
    void (*philox_fill)(uint64_t, uint64_t, uint64_t, size_t, uint32_t *);
    void (*uniform)(uint64_t, uint64_t, uint64_t, size_t, double *);
    void (*logistic)(uint64_t, uint64_t, uint64_t, size_t, double *);
    void (*exponential)(uint64_t, uint64_t, uint64_t, size_t, double *);
    void (*normal)(uint64_t, uint64_t, uint64_t, size_t, double *);
} ck_lanes;

extern const ck_lanes ck_lanes_plain, ck_lanes_fused, ck_lanes_avx2, ck_lanes_avx512,
    ck_lanes_neon;

/// The table of `isa`; the plain one where this build lacks it.
const ck_lanes *ck_lanes_of(ck_instruction_set isa);

/// The table that is fastest for one number.
const ck_lanes *ck_lanes_of_one(void);

#endif
