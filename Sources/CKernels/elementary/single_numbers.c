// Elementary functions of one number: the kernels over an array of one.

#include "isa/kernels.h"

#define ONE(real, function, kernel)              \
    real function(real x) {                      \
        ck_kernels_for_one()->kernel(&x, &x, 1); \
        return x;                                \
    }
ONE(double, ck_exp1, exp)
ONE(double, ck_expm1_1, expm1)
ONE(double, ck_log1, log)
ONE(double, ck_log1p_1, log1p)
ONE(double, ck_sin1, sin)
ONE(double, ck_cos1, cos)
ONE(double, ck_tan1, tan)
ONE(double, ck_tanh1, tanh)
ONE(double, ck_erf1, erf)
ONE(double, ck_erfc1, erfc)
ONE(double, ck_sigmoid1, sigmoid)
ONE(double, ck_softplus1, softplus)
ONE(double, ck_normal_cdf1, normal_cdf)
ONE(float, ck_expf1, expf)
ONE(float, ck_logf1, logf)
ONE(float, ck_tanhf1, tanhf)
ONE(float, ck_sigmoidf1, sigmoidf)
ONE(float, ck_softplusf1, softplusf)

double ck_pow1(double x, double y) {
    double z;
    ck_kernels_for_one()->pow(&x, &y, &z, 1);
    return z;
}
