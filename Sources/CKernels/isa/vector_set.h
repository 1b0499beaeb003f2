// Compiles the vector version of every kernel and defines the table TABLE of them. An instruction
// set's file defines TABLE and REGISTER, the bytes of a register, switches the instruction set on
// for all functions that follow, and includes this. It comes last in its file, which includes
// every header of the system before the switch.
//
// The templates are C over vector types (Clang's extension ext_vector_type): the compiler chooses
// the instructions. All that is not so is in lanes32.h.

#include "isa/kernels.h"
#include "isa/lanes32.h"
#include "isa/vectors.h"

/// What a reference is called: a vector version may use it for what fills no register.
#define REFERENCE(name) REFERENCE_(name)
#define REFERENCE_(name) plain_##name
/// Eight doubles on registers of four: two independent chains hide each other's latency, and both
/// share a constant's load. (Four lanes measured 10 to 30 % slower.)
#if REGISTER >= 32
#define LANES 8
#define SINGLE_LANES 16
#else
#define LANES 2
#define SINGLE_LANES 4
#endif

#pragma STDC FP_CONTRACT OFF

#include "dense/arithmetic.template.h"
#include "dense/sums.plain.h"
#include "dense/sums.vector.h"
#include "dense/product.plain.h"
#include "dense/product.vector.h"
#include "dense/transposed_product.plain.h"
#include "dense/transposed_product.vector.h"
#include "dense/half.plain.h"
#include "dense/half.vector.h"
#include "elementary/arrays.template.h"
#include "expression/chain.template.h"
#include "flow/coupling.template.h"
#include "flow/spline.template.h"
#include "flow/unmix.template.h"
#include "random/draws.template.h"
#include "training/adam.template.h"
#include "sparse/fold.h"
#include "sparse/fold.vector.h"
#include "sparse/rectify.plain.h"
#include "sparse/rectify.vector.h"
#define TEMPLATE "sparse/row_products.plain.h"
#include "sparse/for_each_precision.h"
#define TEMPLATE "sparse/row_products.vector.h"
#include "sparse/for_each_precision.h"
#include "convolution/mix.vector.h"
#include "convolution/correlate.vector.h"
#include "convolution/substitute.plain.h"
#include "convolution/substitute.vector.h"
#include "ruin/walk.plain.h"
#include "ruin/walk.vector.h"

const ck_kernels TABLE = {
#define KERNEL(result, name, arguments, ...) .name = kernel_##name,
#include "isa/kernel_list.h"
#undef KERNEL
};
