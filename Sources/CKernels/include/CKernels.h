// The C kernels. Every kernel that has a version for each instruction set takes the set as its
// first argument, so that a test can run all that are available and compare their bits.
#ifndef CKERNELS_H
#define CKERNELS_H

#include "adam.h"
#include "arithmetic.h"
#include "chain.h"
#include "channels.h"
#include "draws.h"
#include "elementary.h"
#include "flow.h"
#include "half.h"
#include "instruction_set.h"
#include "philox.h"
#include "product.h"
#include "rectify.h"
#include "row_products.h"
#include "ruin.h"
#include "transposed_product.h"

#endif
