// Umbrella of the C kernels. Every kernel takes the instruction set to run on as its first
// argument, so that a test can run each available one and compare their bits.
#ifndef CKERNELS_H
#define CKERNELS_H

#include "arithmetic.h"
#include "draws.h"
#include "elementary.h"
#include "instruction_set.h"
#include "channels.h"
#include "dense.h"
#include "philox.h"
#include "rectify.h"
#include "ruin.h"

#endif
