// Umbrella of the C kernels. Every kernel takes the path to run on as its first
// argument, so that a test can run each available one and compare their bits.
#ifndef CKERNELS_H
#define CKERNELS_H

#include "draws.h"
#include "elementary.h"
#include "path.h"
#include "philox.h"
#include "ruin.h"

#endif
