#include "elementary.h"
#include "lanes/table.h"

#define MAP(name, real)                                                        \
    void ck_##name(ck_instruction_set isa, const real *x, real *y, size_t n) {           \
        ck_lanes_of(isa)->name(x, y, n);                                      \
    }
#define ONE(name, one, real)                                                   \
    real one(real x) {                                                         \
        ck_lanes_of_one()->name(&x, &x, 1);                               \
        return x;                                                              \
    }
#define DOUBLE(name) MAP(name, double) ONE(name, ck_##name##1, double)
#define FLOAT(name) MAP(name, float) ONE(name, ck_##name##1, float)

DOUBLE(exp)
DOUBLE(log)
DOUBLE(sin)
DOUBLE(cos)
DOUBLE(tan)
DOUBLE(tanh)
DOUBLE(erf)
DOUBLE(erfc)
DOUBLE(sigmoid)
DOUBLE(softplus)
DOUBLE(normal_cdf)
// Their names end in a digit already.
MAP(expm1, double)
ONE(expm1, ck_expm1_1, double)
MAP(log1p, double)
ONE(log1p, ck_log1p_1, double)

FLOAT(expf)
FLOAT(logf)
FLOAT(tanhf)
FLOAT(sigmoidf)
FLOAT(softplusf)

void ck_sincos(ck_instruction_set isa, const double *x, double *sine, double *cosine, size_t n) {
    ck_lanes_of(isa)->sincos(x, sine, cosine, n);
}

void ck_pow(ck_instruction_set isa, const double *x, const double *y, double *z, size_t n) {
    ck_lanes_of(isa)->pow(x, y, z, n);
}

double ck_pow1(double x, double y) {
    double z;
    ck_lanes_of_one()->pow(&x, &y, &z, 1);
    return z;
}
