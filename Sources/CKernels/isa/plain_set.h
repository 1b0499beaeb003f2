// Compiles the plain reference of every kernel and defines the table TABLE of them. An instruction
// set's file defines TABLE and includes this, or vector_set.h.

#include "isa/kernels.h"

/// What a reference is called: here it is the kernel itself.
#define REFERENCE(name) REFERENCE_(name)
#define REFERENCE_(name) kernel_##name
/// The elementary functions and draws are written over vectors; their reference has one lane.
#define LANES 1
#define SINGLE_LANES 1

#pragma STDC FP_CONTRACT OFF

#include "dense/arithmetic.template.h"
#include "dense/sums.plain.h"
#include "dense/product.plain.h"
#include "dense/transposed_product.plain.h"
#include "dense/half.plain.h"
#include "elementary/arrays.template.h"
#include "expression/chain.template.h"
#include "flow/coupling.template.h"
#include "flow/spline.template.h"
#include "flow/unmix.template.h"
#include "random/draws.template.h"
#include "training/adam.template.h"
#include "sparse/fold.h"
#include "sparse/rectify.plain.h"
#define TEMPLATE "sparse/row_products.plain.h"
#include "sparse/for_each_precision.h"
#include "convolution/mix.plain.h"
#include "convolution/correlate.plain.h"
#include "convolution/substitute.plain.h"
#include "ruin/walk.plain.h"

const ck_kernels TABLE = {
#define KERNEL(result, name, arguments, ...) .name = kernel_##name,
#include "isa/kernel_list.h"
#undef KERNEL
};
